import { Container, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { IconPaw } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from './links.tsx'

/** The page for an address that leads nowhere, and the way on from it. */
export function NotFound({ isClinic = false }: { isClinic?: boolean }) {
  const { t } = useTranslation('owner')
  const title = isClinic ? t('notFound.clinic') : t('notFound.title')
  return (
    <Container size="xs" py={80} component="main">
      <title>{`${title} · ${t('title')}`}</title>
      <Stack align="center" ta="center">
        <ThemeIcon variant="light" size={88} radius="xl">
          <IconPaw size={44} stroke={1.4} aria-hidden />
        </ThemeIcon>
        <Title>{title}</Title>
        <Text c="dimmed">{t('notFound.lead')}</Text>
        <ButtonLink to="/">{t('notFound.home')}</ButtonLink>
      </Stack>
    </Container>
  )
}
