import { Button, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ClinicRules } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { formatMinutes, QueryPending, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { hasWords } from '../../components/plain-text.ts'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'
import { numberField, useFieldChecks } from '../../components/use-field-checks.ts'

/** The clinic's name, its rules for owners' bookings, how late pet owners may change or cancel, and the time zone. */
export function RulesTab() {
  const trpc = useTRPC()
  const rules = useQuery(trpc.settings.rules.queryOptions())
  if (rules.data === undefined) {
    return <QueryPending query={rules} rows={3} height={72} />
  }
  return <RulesForm rules={rules.data} />
}

function RulesForm({ rules }: { rules: ClinicRules }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  // every page depends on the clinic's name or time zone
  const save = useMutation(
    trpc.settings.saveRules.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  )
  const { required, within } = useFieldChecks()
  const form = useForm({
    initialValues: {
      name: rules.name,
      timeZone: rules.timeZone,
      changeNoticeMinutes: numberField(rules.changeNoticeMinutes),
      graceMinutes: numberField(rules.graceMinutes),
      bookLeadMinutes: numberField(rules.bookLeadMinutes),
      bookHorizonDays: numberField(rules.bookHorizonDays),
      isLimited: rules.maxOpenAppointments !== null,
      maxOpenAppointments: numberField(rules.maxOpenAppointments ?? 10),
      limitUnconfirmed: rules.limitUnconfirmed,
    },
    validate: {
      name: required,
      timeZone: required,
      changeNoticeMinutes: within(limits.changeNotice.min, limits.changeNotice.max),
      graceMinutes: within(limits.grace.min, limits.grace.max),
      bookLeadMinutes: within(limits.bookLead.min, limits.bookLead.max),
      bookHorizonDays: within(limits.bookHorizon.min, limits.bookHorizon.max),
      maxOpenAppointments: (value, all) =>
        all.isLimited ? within(limits.openAppointments.min, limits.openAppointments.max)(value) : null,
    },
    onValuesChange: () => save.reset(),
  })
  const notice = Number(form.getValues().changeNoticeMinutes)
  const minutes = { min: 0, allowDecimal: false, clampBehavior: 'none' } as const
  const submit = form.onSubmit(({ isLimited, ...values }) =>
    save.mutate({
      ...values,
      name: values.name.trim(),
      changeNoticeMinutes: Number(values.changeNoticeMinutes),
      graceMinutes: Number(values.graceMinutes),
      bookLeadMinutes: Number(values.bookLeadMinutes),
      bookHorizonDays: Number(values.bookHorizonDays),
      maxOpenAppointments: isLimited ? Number(values.maxOpenAppointments) : null,
    }),
  )
  return (
    <form onSubmit={submit} noValidate aria-label={t('settings.rules')} className="vc-surface vs-part">
      <Stack maw="32rem">
        <TextInput {...form.getInputProps('name')} label={t('rules.name')} maxLength={limits.clinicName} />
        <NumberInput
          {...form.getInputProps('changeNoticeMinutes')}
          label={t('rules.notice')}
          description={
            notice > 0 ? t('rules.noticeIs', { time: formatMinutes(notice) }) : t('rules.noticeNone')
          }
          min={0}
          max={limits.changeNotice.max}
          step={30}
          allowDecimal={false}
          clampBehavior="none"
        />
        <NumberInput
          {...form.getInputProps('graceMinutes')}
          {...minutes}
          label={t('rules.grace')}
          description={t('rules.graceHint')}
          max={limits.grace.max}
          step={5}
        />
        <NumberInput
          {...form.getInputProps('bookLeadMinutes')}
          {...minutes}
          label={t('rules.lead')}
          description={t('rules.leadHint')}
          max={limits.bookLead.max}
          step={30}
        />
        <NumberInput
          {...form.getInputProps('bookHorizonDays')}
          label={t('rules.horizon')}
          min={limits.bookHorizon.min}
          max={limits.bookHorizon.max}
          allowDecimal={false}
          clampBehavior="none"
        />
        <Switch
          {...form.getInputProps('isLimited', { type: 'checkbox' })}
          size="md"
          label={t('rules.limited')}
        />
        {form.getValues().isLimited ? (
          <NumberInput
            {...form.getInputProps('maxOpenAppointments')}
            label={t('rules.open')}
            description={t('rules.openHint')}
            min={limits.openAppointments.min}
            max={limits.openAppointments.max}
            allowDecimal={false}
            clampBehavior="none"
          />
        ) : null}
        <Switch
          {...form.getInputProps('limitUnconfirmed', { type: 'checkbox' })}
          size="md"
          label={t('rules.unconfirmed')}
        />
        <Select
          {...form.getInputProps('timeZone')}
          label={t('rules.zone')}
          description={t('rules.zoneHint')}
          data={rules.timeZones.map((value) => ({ value, label: value.replaceAll('_', ' ') }))}
          filter={({ options, search }) =>
            options.filter((option) => 'label' in option && hasWords(option.label, search))
          }
          nothingFoundMessage={t('rules.noZone')}
          searchable
          allowDeselect={false}
          // the list itself scrolls, so that the arrow keys keep the option in view
          withScrollArea={false}
          styles={{ options: { maxHeight: '16rem', overflowY: 'auto' } }}
        />
        <ProblemAlert problem={problemOf(save)} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('office.save')}
          </Button>
          <Text role="status" c="dimmed">
            {save.data?.success === true ? (
              <>
                <IconCheck size={16} aria-hidden /> {t('office.saved')}
              </>
            ) : null}
          </Text>
        </Group>
      </Stack>
    </form>
  )
}
