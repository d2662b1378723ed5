-- Drops the login tables, including accounts and sessions, which loses data. Profiles keep their ids.

begin;

drop table if exists login.rate_limit;
drop table if exists login.verification;
drop table if exists login.account;
drop table if exists login.session;
drop table if exists login."user";
drop schema if exists login;

commit;
