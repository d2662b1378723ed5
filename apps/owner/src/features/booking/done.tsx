import { Group, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconCalendarHeart } from '@tabler/icons-react'
import { formatTime } from '@vetcita/ui'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic, useLongDate } from '../../lib/clinic.tsx'
import { ButtonLink } from '../../lib/links.tsx'
import { another } from './choice.ts'
import { useChoiceInWords } from './summary.tsx'
import { useChoice } from './use-choice.ts'

/** After success: what, for whom, when, where and with whom. */
export function Done() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const date = useLongDate()
  const { choice } = useChoice()
  const words = useChoiceInWords(choice)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const rows = [
    [t('booking.done.what'), words.service],
    [t('booking.done.forWhom'), words.pet],
    [t('booking.done.when'), words.time],
    [t('booking.done.where'), clinic.name],
    [t('booking.done.who'), words.vet],
  ] as const
  return (
    <Stack maw={520} mx="auto" gap="lg">
      <Stack align="center" ta="center" gap="xs">
        <ThemeIcon size={72} radius="xl" variant="light">
          <IconCalendarHeart size={38} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Title ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {t('booking.done.title')}
        </Title>
        <Text role="status">
          {choice.at === undefined
            ? t('booking.done.lead')
            : t('booking.done.announce', { date: date(choice.at), time: formatTime(choice.at) })}
        </Text>
      </Stack>
      <Stack component="dl" className="vc-surface" p="lg" m={0} gap="md">
        {rows.map(([label, value]) =>
          value === undefined ? null : (
            <Group key={label} justify="space-between" wrap="nowrap" align="flex-start">
              <Text component="dt" c="dimmed">
                {label}
              </Text>
              <Text component="dd" m={0} fw={600} ta="end" className="vc-capital">
                {value}
              </Text>
            </Group>
          ),
        )}
      </Stack>
      <Group grow>
        <ButtonLink to="/$clinic/portal/appointments" params={{ clinic: clinic.id }}>
          {t('booking.done.appointments')}
        </ButtonLink>
        <ButtonLink
          to="/$clinic/book"
          params={{ clinic: clinic.id }}
          search={another(choice)}
          variant="default"
        >
          {t('booking.done.another')}
        </ButtonLink>
      </Group>
    </Stack>
  )
}
