-- +goose Up
-- The rev that replaced a version: who edits what he saw before it is refused.
alter table message_edits add column rev integer not null default 0;

-- By room and reader, so that unread mentions are found without reading messages. user_id 0 is everybody. No foreign keys:
-- the hot path writes it beside messages.
create table mentions (
  room_id integer not null,
  user_id integer not null,
  seq integer not null,
  message_id integer not null,
  primary key (room_id, user_id, seq)
) strict, without rowid;
create index mentions_message on mentions (message_id);
insert into mentions (room_id, user_id, seq, message_id)
select m.room_id, x.user_id, m.seq, x.message_id
  from message_mentions x
  join messages m on m.id = x.message_id;
drop table message_mentions;

create table pins (
  room_id integer not null references rooms (id),
  seq integer not null,
  message_id integer not null references messages (id),
  pinned_by integer not null references users (id),
  pinned_at integer not null,
  primary key (room_id, seq)
) strict, without rowid;

-- What one person deleted for himself alone. my_rev is his row's at that time: devices ask for what came after theirs.
create table message_hides (
  user_id integer not null references users (id),
  room_id integer not null references rooms (id),
  seq integer not null,
  my_rev integer not null,
  primary key (user_id, room_id, seq)
) strict, without rowid;
create index message_hides_rev on message_hides (user_id, room_id, my_rev);
-- The my_rev of his last row in message_hides.
alter table room_members add column hides_rev integer not null default 0;
