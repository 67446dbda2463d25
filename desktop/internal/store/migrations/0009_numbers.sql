-- A person's number (wire.Profile.Number) leads from who is there to his user_uuid; 0: the server says none. What is held was told
-- without numbers, so all of it is asked for again; until then it stays.
alter table people add column number integer not null default 0;
update people set rev = 0;
delete from meta where key = 'directory_rev';
