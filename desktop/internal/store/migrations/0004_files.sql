-- Files on their way out: in a composer as long as client_id is empty, then with that message of the outbox, in the order of
-- place. Either path with modified (nanoseconds) and size, by which the file is known again, or content: what was pasted.
-- state is held, waiting, checking, ready or failed.
create table uploads (
  upload_id text    primary key,
  room_uuid text    not null,
  client_id text    not null default '',
  place     integer not null,
  name      text    not null,
  size      integer not null,
  type      text    not null,
  width     integer not null,
  height    integer not null,
  path      text    not null,
  modified  integer not null,
  content   blob,
  file_id   text    not null default '',
  sha256    text    not null default '',
  state     text    not null,
  failure   text    not null default ''
);

create index uploads_by_message on uploads (client_id, place);
create index uploads_by_room on uploads (room_uuid, place);

create trigger uploads_leave_with_message after delete on outbox
begin
  delete from uploads where client_id = old.client_id;
end;

-- Files on their way in. file: JSON of wire.File. part is where the bytes gather, path where they go; state is waiting,
-- failed or done. A done one says where the file was saved last.
create table downloads (
  download_id text    primary key,
  file_id     text    not null,
  room_uuid   text    not null,
  file        text    not null,
  path        text    not null,
  part        text    not null,
  chosen      integer not null,
  state       text    not null,
  failure     text    not null default '',
  place       integer not null
);

create index downloads_by_file on downloads (file_id, place);

-- Which files hang on which held messages; messages.extra has the rest.
create table message_files (
  message_id integer not null,
  file_id    text    not null,
  room_id    integer not null,
  primary key (message_id, file_id)
) without rowid;

create index message_files_by_file on message_files (file_id);
create index message_files_by_room on message_files (room_id, message_id);

create trigger message_leaves_files after delete on messages
begin
  delete from message_files where message_id = old.message_id;
end;

insert into message_files (message_id, file_id, room_id)
select m.message_id, json_extract(f.value, '$.file_id'), m.room_id
from messages m, json_each(m.extra, '$.files') f
where json_extract(f.value, '$.file_id') is not null
on conflict do nothing;
