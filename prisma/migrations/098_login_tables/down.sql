-- Takes the login tables away, accounts and sessions included: the one down migration that loses data, since nobody
-- but the API knows these tables. Profiles stay, with the ids that they had.

begin;

drop table if exists login.rate_limit;
drop table if exists login.verification;
drop table if exists login.account;
drop table if exists login.session;
drop table if exists login."user";
drop schema if exists login;

commit;
