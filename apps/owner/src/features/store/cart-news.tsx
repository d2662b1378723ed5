import { lazy, Suspense } from 'react'
import { useCart } from './cart.ts'

const MergeNotice = lazy(() => import('./merge-notice.tsx'))

/** Where a merge says what it did; what it says is loaded when there is something. */
export function CartNews() {
  const { isPending, hasFailed, changes } = useCart().merge
  return (
    <div role="status">
      {isPending || hasFailed || changes !== undefined ? (
        <Suspense>
          <MergeNotice />
        </Suspense>
      ) : null}
    </div>
  )
}

/** How many pieces the cart holds, for the navigation. */
export function CartCount() {
  const { count } = useCart()
  return count === 0 ? null : <span className="count">{count}</span>
}
