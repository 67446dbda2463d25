-- Notices, the newest first by place, as the server last listed them; how many there are, and the stamp, is in meta.
create table notices (
  notice_uuid text    primary key,
  place       integer not null,
  notice      text    not null
);

-- What was read and the server does not know yet; edited_at says what it was that was read.
create table notice_reads (
  notice_uuid text    primary key,
  edited_at   integer not null
);
