import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ClinicRules } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { ErrorState, formatMinutes, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useRangeCheck } from '../../appointment/use-range-check.ts'
import { numberField } from '../../components/money.ts'
import { hasWords } from '../../components/plain-text.ts'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'

/** The clinic's name, how late its owners may change their minds, and which clock it lives by. */
export function RulesTab() {
  const trpc = useTRPC()
  const rules = useQuery(trpc.settings.rules.queryOptions())
  if (rules.data === undefined) {
    return rules.error === null ? (
      <ListSkeleton rows={3} height={72} />
    ) : (
      <ErrorState error={rules.error} onRetry={() => rules.refetch()} />
    )
  }
  return <RulesForm rules={rules.data} />
}

function RulesForm({ rules }: { rules: ClinicRules }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  // every page shows the clinic's name or lives by its clock
  const save = useMutation(
    trpc.settings.saveRules.mutationOptions({ onSuccess: () => queryClient.invalidateQueries() }),
  )
  const within = useRangeCheck()
  const form = useForm({
    initialValues: {
      name: rules.name,
      timeZone: rules.timeZone,
      changeNoticeMinutes: numberField(rules.changeNoticeMinutes),
    },
    validate: {
      name: (value) => (value.trim() === '' ? t('office.missing') : null),
      timeZone: (value) => (value === '' ? t('office.missing') : null),
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
          // the list itself scrolls, which the field moves through with the arrows
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
