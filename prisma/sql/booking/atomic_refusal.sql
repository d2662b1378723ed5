-- Builds the answer to an expected refusal. The code is for programs, the sentence for people; this is the one place of
-- every sentence, and none of them mentions another pet owner, pet or time.
create or replace function atomic_refusal(p_error text, p_detail text default null) returns jsonb
language sql immutable
set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'success', false,
    'error', p_error,
    'message', case p_error
      when 'FORBIDDEN' then 'No tiene permiso para realizar esta operación'
      when 'NOT_FOUND' then 'Cita no encontrada'
      when 'PET_NOT_FOUND' then 'Mascota no encontrada'
      when 'SERVICE_NOT_FOUND' then 'Servicio no encontrado'
      when 'VET_NOT_FOUND' then 'Profesional no encontrado'
      when 'CUSTOMER_NOT_FOUND' then 'Cliente no encontrado'
      when 'ITEM_NOT_FOUND' then 'Este artículo no está a la venta'
      when 'CLINIC_NOT_FOUND' then 'Clínica no encontrada'
      when 'INVALID_DURATION' then 'La duración debe ser la del servicio, entre 5 y 480 minutos'
      when 'INVALID_TIME' then 'La hora de la cita debe estar en el futuro y antes del año 3000'
      when 'INVALID_ITEMS' then 'La lista de artículos no es válida'
      when 'INVALID_NAME' then 'El nombre debe tener entre 1 y 200 caracteres y el teléfono entre 3 y 40, sin caracteres invisibles'
      when 'INVALID_STATUS' then 'Esta cita ya no se puede mover'
      when 'INVALID_CHANGES' then 'Los cambios de la cita no son válidos'
      when 'INVALID_TRANSITION' then 'La cita no puede pasar a ese estado'
      when 'TOO_EARLY' then 'La cita es de otro día: todavía no puede pasar a ese estado'
      when 'STALE_VERSION' then 'La cita cambió mientras tanto: revise los datos e intente de nuevo'
      when 'TOO_SOON' then 'Ya no se puede reservar con tan poca anticipación'
      when 'TOO_FAR' then 'Todavía no se puede reservar para esa fecha'
      when 'VET_DOES_NOT_OFFER' then 'El profesional no realiza este servicio'
      when 'DESK_ONLY' then 'Este servicio se reserva solo con la clínica'
      when 'SERVICE_CHANGED' then 'La duración o el precio del servicio cambió: revise los datos e intente de nuevo'
      when 'CLINIC_CLOSED' then 'La clínica está cerrada en ese horario'
      when 'LIMIT_REACHED' then 'Ya tiene todas las citas pendientes que la clínica permite'
      when 'PET_BUSY' then 'La mascota ya tiene otra cita en ese horario'
      when 'REASON_REQUIRED' then 'Para encajar una cita hace falta un motivo'
      when 'SQUEEZE_INS_FULL' then 'En esa hora ya hay todas las citas encajadas que se permiten'
      when 'TOO_LATE' then 'Ya no se puede cambiar la cita con tan poca anticipación'
      when 'OUTSIDE_HOURS' then 'Ese horario está fuera del horario de atención'
      when 'VET_AWAY' then 'El profesional no atiende en ese horario'
      when 'SLOT_UNAVAILABLE' then 'Ese horario ya no está disponible'
      when 'IDEMPOTENCY_KEY_REUSED' then 'Esta solicitud ya se usó con otros datos'
      when 'CLIENT_NOT_FOUND' then 'Cliente no encontrado'
      when 'HAS_ACCOUNT' then 'Este cliente ya tiene su propia cuenta'
      when 'LINK_INVALID' then 'Este enlace no es válido'
      when 'LINK_USED' then 'Este enlace ya se usó'
      when 'LINK_EXPIRED' then 'Este enlace venció'
      when 'STAFF_NOT_FOUND' then 'No es parte del equipo de la clínica'
      when 'ALREADY_STAFF' then 'Esta cuenta ya es parte del equipo de la clínica'
      when 'LAST_ADMIN' then 'La clínica no puede quedarse sin quien la administre'
      when 'HAS_APPOINTMENTS' then 'Tiene citas por atender: muévalas primero'
      when 'INVALID_ROLE' then 'Ese rol no existe'
      when 'INVALID_HOURS' then 'El horario no es válido'
    end || coalesce(': ' || p_detail, '')
  )
$$;

comment on function atomic_refusal(text, text) is 'The JSON of an expected refusal: code and sentence.';
revoke execute on function atomic_refusal(text, text) from public, anon, authenticated, service_role;
