-- Returns the first problem of a week of hours, as a sentence, or null.
create or replace function invalid_hours(p_hours jsonb) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_problem text;
begin
  if p_hours is null or jsonb_typeof(p_hours) <> 'array' then
    return 'se esperaba una lista';
  end if;
  if jsonb_array_length(p_hours) > 70 then
    return 'no puede tener más de 70 tramos';
  end if;
  select format('tramo %s: %s', e.n - 1, p.problem) into v_problem
  from jsonb_array_elements(p_hours) with ordinality e (item, n)
  cross join lateral (
    select case
      when jsonb_typeof(e.item) <> 'object' then 'se esperaba un objeto'
      when coalesce(e.item ->> 'weekday', '') !~ '^[1-7]$' then 'weekday debe ser de 1 (lunes) a 7'
      when coalesce(e.item ->> 'opens', '') !~ '^([01]\d|2[0-3]):[0-5]\d$' then 'opens debe ser HH:MM'
      when coalesce(e.item ->> 'closes', '') !~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$' then 'closes debe ser HH:MM'
      when e.item ->> 'closes' <= e.item ->> 'opens' then 'debe cerrar después de abrir'
    end as problem
  ) p
  where p.problem is not null
  order by e.n
  limit 1;
  if v_problem is not null then
    return v_problem;
  end if;
  if exists (
    select from jsonb_array_elements(p_hours) with ordinality a (item, n)
    join jsonb_array_elements(p_hours) with ordinality b (item, n)
      on b.n > a.n and b.item ->> 'weekday' = a.item ->> 'weekday'
      and b.item ->> 'opens' < a.item ->> 'closes' and a.item ->> 'opens' < b.item ->> 'closes'
  ) then
    return 'dos tramos de un día se superponen';
  end if;
  return null;
end
$$;

comment on function invalid_hours(jsonb) is 'What is wrong with a week of hours.';
revoke execute on function invalid_hours(jsonb) from public, anon, authenticated, service_role;
