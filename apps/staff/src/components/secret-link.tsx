import { Button, CopyButton, Group, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** A link that is shown this once, to copy. */
export function SecretLink({ href }: { href: string }) {
  const { t } = useTranslation('staff')
  return (
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
  )
}
