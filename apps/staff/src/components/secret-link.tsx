import { Button, CopyButton, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

interface SecretLinkProps {
  /** Whom to give it to, and until when it works. */
  text: string
  /** An address of this site, with the token behind the `#`, which browsers send to no server. */
  path: string
  onClose: () => void
}

/** A new link to copy. Only the hash of its token is stored, so it cannot be shown a second time. */
export function SecretLink({ text, path, onClose }: SecretLinkProps) {
  const { t } = useTranslation('staff')
  const href = `${window.location.origin}${path}`
  return (
    <Stack>
      <Text fw={600}>{text}</Text>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label={t('office.link')}
          value={href}
          readOnly
          flex={1}
          data-autofocus
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <CopyButton value={href}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
            >
              {copied ? t('office.copied') : t('office.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('office.done')}</Button>
      </Group>
    </Stack>
  )
}
