-- +goose Up
-- Where a file was meant to be sent is asked when its upload begins, and not kept.
alter table files drop column room_id;

-- Which node's request writes to an upload, and until when it may without saying so again (UTC milliseconds).
alter table files
  add column writer varchar(36) character set ascii collate ascii_bin not null default '',
  add column writer_until bigint not null default 0;

-- What becomes of archives and documents that can't be looked into for their password: allow or refuse.
alter table file_policy
  add column encrypted_archives varchar(16) character set ascii collate ascii_bin not null default 'allow';

-- Where files hung whose message was deleted for everyone, so that who could see it hears why it is not there.
create table file_graves (
  file_uuid char(36) character set ascii collate ascii_bin not null,
  room_id bigint not null,
  seq bigint not null,
  primary key (file_uuid, room_id, seq)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
