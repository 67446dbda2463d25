-- +goose Up
-- Profiles say numbers now (users.id), by which apps are told who is there. Apps hold profiles by their revision, so all of them get a
-- new one. A thousand revisions are left for changes that an earlier version makes on another server meanwhile.
update users
   set rev = id + 1000 + (select value from counters where name = 'directory_rev')
 where rev > 0;
update counters
   set value = value + 1000 + (select coalesce(max(id), 0) from users)
 where name = 'directory_rev' and exists (select 1 from users);
