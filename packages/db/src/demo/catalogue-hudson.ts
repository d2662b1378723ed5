import type { DemoService, DemoShelf } from './types.ts'

/** Prices in US dollars. */
export const hudsonServices: readonly DemoService[] = [
  ['Wellness exam', 30, 0, 75],
  ['Urgent visit', 45, 15, 140],
  ['Rabies vaccine', 15, 0, 35],
  ['DHPP vaccine', 15, 0, 42],
  ['Deworming', 15, 5, 28],
  ['Cat spay or neuter', 60, 30, 310],
  ['Dog spay or neuter', 90, 30, 480],
  ['Dental cleaning', 60, 15, 395],
  ['Abdominal ultrasound', 40, 10, 325],
  ['Blood panel', 20, 0, 160],
  ['Bath and grooming', 60, 15, 68.5],
  ['Post-surgery recheck', 20, 0, 45],
]

export const hudsonShelves: readonly DemoShelf[] = [
  [
    'Food',
    [
      ['Adult dog food, 30 lb', 'Chicken and rice, complete and balanced.', 62.99, 24],
      ['Puppy food, 6 lb', 'With calcium and DHA for growth.', 21.49, 40],
      ['Senior dog food, 15 lb', 'For dogs over seven, with glucosamine.', 44.99, 18],
      ['Adult cat food, 16 lb', 'Salmon, complete and balanced.', 48.99, 22],
      ['Indoor cat food, 7 lb', 'Lower in calories, supports the urinary tract.', 27.99, 30],
      ['Kitten food, 3.5 lb', 'For kittens up to twelve months.', 16.99, 35],
      ['Chicken stew can, 12.5 oz', 'For dogs, no preservatives.', 3.49, 120],
      ['Tuna in gravy pouch, 3 oz', 'For cats.', 1.79, 200],
    ],
  ],
  [
    'Flea, tick and worm',
    [
      ['Flea and tick drops, 21–55 lb dog', 'Thirty days of protection.', 18.99, 60],
      ['Flea drops, cat', 'Thirty days of protection.', 16.49, 50],
      ['Dewormer tablet, dog', 'One tablet for each twenty pounds.', 9.99, 80],
      ['Flea and tick collar', 'Up to eight months of protection.', 57.99, 15],
    ],
  ],
  [
    'Grooming',
    [
      ['Oatmeal shampoo, 16 oz', 'For sensitive skin.', 12.99, 25],
      ['Chlorhexidine shampoo, 8 oz', 'For veterinary use, as directed.', 22.5, 12],
      ['Deshedding brush', 'Stainless steel, for short and long coats.', 19.99, 20],
      ['Nail clippers, medium', 'With a safety stop.', 11.99, 18],
    ],
  ],
  [
    'Walks',
    [
      ['Nylon leash, 5 ft', 'Reinforced, with a swivel clip.', 13.49, 30],
      ['Padded harness, M', 'Adjustable, for dogs from 22 to 45 lb.', 29.99, 16],
      ['Collar with engraved tag', 'Name and phone number included.', 18.49, 25],
    ],
  ],
  [
    'Rest and travel',
    [
      ['Round bed, 24 in', 'Washable, with a non-slip base.', 49.99, 10],
      ['Cat carrier', 'With a metal door and a handle.', 54.99, 8],
      ['Sisal scratching post, 28 in', 'With a platform and a hanging ball.', 46.99, 6],
    ],
  ],
  [
    'Home',
    [
      ['Clumping litter, 20 lb', 'Unscented, low dust.', 17.99, 45],
      ['Litter tray with rim', 'Scoop included.', 21.99, 14],
      ['Double steel feeder', 'Two bowls of 24 oz.', 16.99, 22],
      ['Water fountain, 64 oz', 'With a carbon filter.', 36.99, 9],
    ],
  ],
  [
    'Toys and treats',
    [
      ['Solid rubber ball', 'Made for chewers.', 7.99, 50],
      ['Dental chews, pack of 7', 'Helps to reduce tartar.', 8.99, 70],
      ['Catnip mouse', 'For cats of all ages.', 4.99, 40],
    ],
  ],
  ['Health', [['Joint supplement, 60 tablets', 'With glucosamine and chondroitin.', 39.99, 0]]],
]
