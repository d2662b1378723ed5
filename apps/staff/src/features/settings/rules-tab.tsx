import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
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

/** The clinic's name, how late pet owners may change or cancel, and the time zone. */
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
    },
    validate: {
      name: required,
      timeZone: required,
      changeNoticeMinutes: within(limits.changeNotice.min, limits.changeNotice.max),
    },
    onValuesChange: () => save.reset(),
  })
  const notice = Number(form.getValues().changeNoticeMinutes)
  const submit = form.onSubmit((values) =>
    save.mutate({
      ...values,
      name: values.name.trim(),
      changeNoticeMinutes: Number(values.changeNoticeMinutes),
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
