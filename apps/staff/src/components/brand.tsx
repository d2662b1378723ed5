import { useTranslation } from 'react-i18next'

/** The logo, and which of the two apps this is. */
export function Brand() {
  const { t } = useTranslation('staff')
  return (
    <div className="vs-brand">
      <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={28} height={28} />
      <span>{t('app.name')}</span>
      <span className="vs-brand-area">{t('app.area')}</span>
    </div>
  )
}
