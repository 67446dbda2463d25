-- +goose Up
-- Where a file was meant to be sent is asked when its upload begins, and not kept.
alter table files drop column room_id;

-- Which node's request writes to an upload, and until when it may without saying so again (UTC milliseconds).
alter table files add column writer text not null default '';
alter table files add column writer_until integer not null default 0;

-- What becomes of archives and documents that can't be looked into for their password: allow or refuse.
alter table file_policy add column encrypted_archives text not null default 'allow';

-- Where files hung whose message was deleted for everyone, so that who could see it hears why it is not there.
create table file_graves (
  file_uuid text not null,
  room_id integer not null,
  seq integer not null,
  primary key (file_uuid, room_id, seq)
) strict, without rowid;
