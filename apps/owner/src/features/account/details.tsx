import { Badge, Button, Chip, Group, Input, Stack, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Account } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { changeLanguage, QueryPending, useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { ResendConfirmation } from '../../session/resend-confirmation.tsx'

/** The user's name, email, phone and language. */
export function Details() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const account = useQuery(trpc.account.get.queryOptions())
  return (
    <Stack component="section" className="vc-surface" p="lg" aria-labelledby="details">
      <Stack gap={4}>
        <Title order={2} id="details">
          {t('account.details')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('account.detailsLead')}
        </Text>
      </Stack>
      {account.data !== undefined ? (
        <DetailsForm account={account.data} />
      ) : (
        <QueryPending query={account} rows={1} height={400} />
      )}
    </Stack>
  )
}

function DetailsForm({ account }: { account: Account }) {
  const { t, i18n } = useTranslation(['owner', 'ui'])
  const pageLanguage = useLanguage()
  const { save, form } = useDetails(account)
  const submit = form.onSubmit(async (values) => {
    await save.mutateAsync(values).catch(() => undefined)
    if (values.language !== pageLanguage) await changeLanguage(i18n, values.language)
  })
  return (
    <form onSubmit={submit} noValidate aria-label={t('owner:account.details')}>
      <Stack>
        <TextInput
          {...form.getInputProps('name')}
          key={form.key('name')}
          label={t('ui:auth.name')}
          autoComplete="name"
          maxLength={limits.personName}
        />
        <Email account={account} />
        <TextInput
          {...form.getInputProps('phone')}
          key={form.key('phone')}
          label={t('owner:account.phone')}
          description={t('owner:account.phoneHint')}
          type="tel"
          autoComplete="tel"
          inputMode="tel"
          maxLength={limits.phone.max}
        />
        <Input.Wrapper
          label={t('owner:account.language')}
          description={t('owner:account.languageHint')}
          size="md"
          labelElement="div"
          id="language"
        >
          <Chip.Group {...form.getInputProps('language')} key={form.key('language')}>
            <Group gap="xs" mt={6} role="radiogroup" aria-labelledby="language-label">
              <Chip value="es" lang="es">
                {t('owner:account.spanish')}
              </Chip>
              <Chip value="en" lang="en">
                {t('owner:account.english')}
              </Chip>
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        <ProblemAlert problem={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t('owner:account.save')}
          </Button>
          <Text size="sm" role="status">
            {save.isSuccess ? t('owner:account.saved') : ''}
          </Text>
        </Group>
      </Stack>
    </form>
  )
}

function useDetails(account: Account) {
  const { t } = useTranslation(['owner', 'ui'])
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const pageLanguage = useLanguage()
  const save = useMutation(
    trpc.account.update.mutationOptions({
      onSuccess: async (saved) => {
        queryClient.setQueryData(trpc.account.get.queryKey(), saved)
        await queryClient.invalidateQueries({ queryKey: trpc.session.me.queryKey() })
      },
    }),
  )
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: account.name,
      phone: account.phone ?? '',
      language: account.language ?? pageLanguage,
    },
    validate: {
      name: (value) => (value.trim() === '' ? t('ui:auth.nameMissing') : null),
      phone: (value) => ([1, 2].includes(value.trim().length) ? t('owner:account.phoneShort') : null),
    },
    onValuesChange: () => save.reset(),
  })
  return { save, form }
}

function Email({ account }: { account: Account }) {
  const { t } = useTranslation('owner')
  return (
    <Input.Wrapper label={t('account.email')} size="md" labelElement="div" id="email">
      <Group gap="xs" mt={4}>
        <Text style={{ overflowWrap: 'anywhere' }}>{account.email}</Text>
        <Badge variant="light" tt="none" color={account.emailVerified ? 'green' : 'orange'}>
          {t(account.emailVerified ? 'account.confirmed' : 'account.unconfirmed')}
        </Badge>
        {account.emailVerified ? null : <ResendConfirmation email={account.email} />}
      </Group>
    </Input.Wrapper>
  )
}
