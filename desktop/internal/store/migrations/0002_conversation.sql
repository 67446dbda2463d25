-- What a room says of itself since edits, pins and settings exist. pins are as of the room's revision pins_rev.
-- called are the messages that call the user, as of the revision called_rev; of the held stretch messages.calls_me knows
-- better. held_border, held_hidden and held_hidden_due are of client.Held.
alter table rooms add column owners          text    not null default '[]';
alter table rooms add column history         text    not null default 'joined';
alter table rooms add column picture         text    not null default '';
alter table rooms add column pins            text    not null default '[]';
alter table rooms add column pins_rev        integer not null default 0;
alter table rooms add column pinned          integer not null default 0;
alter table rooms add column locked          integer not null default 0;
alter table rooms add column called          text    not null default '[]';
alter table rooms add column called_rev      integer not null default 0;
alter table rooms add column held_border     integer not null default 0;
alter table rooms add column held_hidden     integer not null default 0;
alter table rooms add column held_hidden_due integer not null default 0;

-- The summaries that are held say nothing of these. A my_rev that the server never gives makes it send each room again.
update rooms
set held_my_rev = 0, held_border = held_joined, held_low = max(held_low, min(held_joined + 1, held_high));

-- calls_me: it mentions the user. used: 0 in the held stretch; a loose message, outside of it, has the number of its
-- latest use.
alter table messages add column calls_me integer not null default 0;
alter table messages add column used     integer not null default 0;

create index messages_by_time on messages (room_id, at);
create index messages_that_call on messages (room_id, seq) where calls_me = 1;
create index loose_messages on messages (room_id, used) where used > 0;

-- Messages that the user deleted for himself.
create table hidden (
  room_id integer not null references rooms (room_id) on delete cascade,
  seq     integer not null,
  primary key (room_id, seq)
) without rowid;

-- The terms (package search) of every message, held or loose, by message_id. Rows of before this index are added from the
-- newest on, while there is nothing else to do; index_before says how far that has come.
create virtual table message_index using fts5 (terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');

create trigger message_leaves_index after delete on messages
begin
  delete from message_index where rowid = old.message_id;
end;

insert into meta (key, value)
select 'index_before', max(message_id) + 1
from messages
having max(message_id) is not null;

alter table outbox add column mentions       text    not null default '[]';
alter table outbox add column mention_all    integer not null default 0;
alter table outbox add column forwarded_from integer not null default 0;

alter table drafts add column reply_to_seq integer not null default 0;
alter table drafts add column mentions     text    not null default '[]';
alter table drafts add column mention_all  integer not null default 0;

-- Where the user left a room: the message at the upper edge, and how many pixels of it were above.
create table places (
  room_uuid text    primary key,
  seq       integer not null,
  shift     integer not null
) without rowid;
