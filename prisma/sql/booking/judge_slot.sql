-- Judges what slot_refusals found by what staff override: refusal is the first rule that still refuses, or null;
-- overrides are the rules that were overridden and would have refused, squeeze_in apart, which is its own result.
create or replace function judge_slot(
  p_refusals text[], p_overrides text[], out refusal text, out overrides text[], out squeeze_in boolean
)
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_code text;
  v_override text;
begin
  squeeze_in := false;
  foreach v_code in array p_refusals loop
    v_override := case v_code
      when 'VET_DOES_NOT_OFFER' then 'services'
      when 'CLINIC_CLOSED' then 'closed'
      when 'PET_BUSY' then 'pet_busy'
      when 'SLOT_UNAVAILABLE' then 'squeeze_in'
    end;
    if v_override is null or v_override <> all (coalesce(p_overrides, '{}')) then
      refusal := v_code;
      return;
    elsif v_override = 'squeeze_in' then
      squeeze_in := true;
    else
      overrides := overrides || v_override;
    end if;
  end loop;
end
$$;

comment on function judge_slot(text[], text[]) is 'Which rule still refuses, and which were overridden.';
revoke execute on function judge_slot(text[], text[]) from public, anon, authenticated, service_role;
