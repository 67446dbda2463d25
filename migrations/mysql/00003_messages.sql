-- +goose Up
-- The rev that replaced a version: who edits what he saw before it is refused.
alter table message_edits add column rev bigint not null default 0;

-- By room and reader, so that unread mentions are found without reading messages. user_id 0 is everybody. No foreign keys:
-- the hot path writes it beside messages.
create table mentions (
  room_id bigint not null,
  user_id bigint not null,
  seq bigint not null,
  message_id bigint not null,
  primary key (room_id, user_id, seq)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index mentions_message on mentions (message_id);
insert into mentions (room_id, user_id, seq, message_id)
select m.room_id, x.user_id, m.seq, x.message_id
  from message_mentions x
  join messages m on m.id = x.message_id;
drop table message_mentions;

create table pins (
  room_id bigint not null,
  seq bigint not null,
  message_id bigint not null,
  pinned_by bigint not null,
  pinned_at bigint not null,
  primary key (room_id, seq),
  foreign key (room_id) references rooms (id),
  foreign key (message_id) references messages (id),
  foreign key (pinned_by) references users (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;

-- What one person deleted for himself alone. my_rev is his row's at that time: devices ask for what came after theirs.
create table message_hides (
  user_id bigint not null,
  room_id bigint not null,
  seq bigint not null,
  my_rev bigint not null,
  primary key (user_id, room_id, seq),
  foreign key (user_id) references users (id),
  foreign key (room_id) references rooms (id)
) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin;
create index message_hides_rev on message_hides (user_id, room_id, my_rev);
-- The my_rev of his last row in message_hides.
alter table room_members add column hides_rev bigint not null default 0;
