-- +goose Up
-- By how much an entry's time was ever behind that of one before it: a period's entries are found by id with that margin.
insert into counters (name, value)
select 'audit_backstep', coalesce(max(s.highest - s.at), 0)
  from (select at, max(at) over (order by id) as highest from audit) s;

-- The node that works on it; its sign of life is updated_at.
alter table imports add column worker text not null default '';

-- Retention finds the pins of what goes. In MySQL it takes the place of the one that was made for the foreign key.
create index pins_message on pins (message_id);

-- Administrators and auditors are few among those who are active.
create index users_role on users (role);
