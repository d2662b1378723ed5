import { ActionIcon, Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconPencil, IconPlus, IconStethoscope } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ServiceSetting } from '@vetcita/contracts'
import { EmptyState, formatMinutes, formatMoney, QueryPending, useLanguage, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { ServiceDialog } from './service-dialog.tsx'

/** The clinic's services: duration, buffer and price. */
export function ServicesTab({ currency }: { currency: string }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const services = useQuery(trpc.settings.services.queryOptions())
  const [open, setOpen] = useState<ServiceSetting | 'new' | null>(null)
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed">{t('services.keeps')}</Text>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpen('new')}>
          {t('services.new')}
        </Button>
      </Group>
      {services.data === undefined ? (
        <QueryPending query={services} rows={6} height={44} />
      ) : services.data.length === 0 ? (
        <EmptyState icon={IconStethoscope} title={t('services.none')} />
      ) : (
        <ServiceTable services={services.data} currency={currency} onEdit={setOpen} />
      )}
      {open === null ? null : (
        <ServiceDialog
          service={open === 'new' ? null : open}
          currency={currency}
          onClose={() => setOpen(null)}
        />
      )}
    </Stack>
  )
}

interface ServiceTableProps {
  services: readonly ServiceSetting[]
  currency: string
  onEdit: (service: ServiceSetting) => void
}

function ServiceTable({ services, currency, onEdit }: ServiceTableProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  return (
    <DataTable
      caption={t('settings.services')}
      columns={[
        { text: t('services.name') },
        { text: t('services.durationOf') },
        { text: t('services.bufferOf') },
        { text: t('services.price'), align: 'end' },
        { text: t('office.edit'), isHidden: true },
      ]}
    >
      {services.map((service) => (
        <Table.Tr key={service.id}>
          <Table.Td>
            <Group gap="xs">
              <Text fw={600}>{service.name}</Text>
              {service.booking === 'online' ? null : (
                <Badge variant="light" tt="none">
                  {t(`services.badge.${service.booking}`)}
                </Badge>
              )}
              {service.isActive ? null : (
                <Badge variant="light" color="gray" tt="none">
                  {t('services.inactive')}
                </Badge>
              )}
            </Group>
          </Table.Td>
          <Table.Td>{formatMinutes(service.durationMinutes)}</Table.Td>
          <Table.Td>
            {service.bufferMinutes === 0 ? t('office.none') : formatMinutes(service.bufferMinutes)}
          </Table.Td>
          <Table.Td ta="end" className="vs-nowrap">
            {formatMoney(service.price, currency, language)}
          </Table.Td>
          <Table.Td ta="end">
            <ActionIcon
              variant="subtle"
              size="lg"
              aria-label={t('services.edit', { name: service.name })}
              onClick={() => onEdit(service)}
            >
              <IconPencil size={18} aria-hidden />
            </ActionIcon>
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  )
}
