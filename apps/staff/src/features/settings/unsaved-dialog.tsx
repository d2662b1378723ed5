import { Button, Group, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'

interface UnsavedDialogProps {
  onStay: () => void
  onLeave: () => void
}

/** Asks before unsaved changes are lost. */
export function UnsavedDialog({ onStay, onLeave }: UnsavedDialogProps) {
  const { t } = useTranslation('staff')
  return (
    <Dialog title={t('unsaved.title')} onClose={onStay}>
      <Stack>
        <Text>{t('unsaved.text')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onLeave}>
            {t('unsaved.leave')}
          </Button>
          <Button onClick={onStay} data-autofocus>
            {t('unsaved.stay')}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
