-- Whose people are in a room by themselves, and whether nobody writes there any more.
alter table rooms add column department_uuid text not null default '';
alter table rooms add column read_only integer not null default 0;
