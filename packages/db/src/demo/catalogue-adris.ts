import type { DemoService, DemoShelf } from './types.ts'

/** Prices in guaraníes, which have no decimals. */
export const adrisServices: readonly DemoService[] = [
  ['Consulta general', 30, 0, 120_000],
  ['Consulta de urgencia', 45, 15, 220_000],
  ['Vacuna antirrábica', 15, 0, 80_000],
  ['Vacuna séxtuple', 15, 0, 110_000],
  ['Desparasitación', 15, 5, 60_000],
  ['Castración', 60, 30, 450_000],
  ['Cirugía menor', 90, 30, 650_000],
  ['Limpieza dental', 60, 15, 380_000],
  ['Ecografía abdominal', 40, 10, 250_000],
  ['Análisis de sangre', 20, 0, 180_000],
  ['Baño y peluquería', 60, 15, 130_000],
  ['Control posoperatorio', 20, 0, 70_000],
]

export const adrisShelves: readonly DemoShelf[] = [
  [
    'Alimentos',
    [
      [
        'Alimento perro adulto 15 kg',
        'Alimento balanceado de pollo y arroz para perros adultos.',
        320_000,
        24,
      ],
      ['Alimento perro cachorro 3 kg', 'Con calcio y DHA para el crecimiento.', 98_000, 40],
      ['Alimento perro senior 7 kg', 'Para perros de más de siete años, con glucosamina.', 185_000, 18],
      ['Alimento gato adulto 7,5 kg', 'Alimento balanceado de salmón para gatos adultos.', 260_000, 22],
      ['Alimento gato castrado 3 kg', 'Bajo en calorías, cuida las vías urinarias.', 125_000, 30],
      ['Alimento gatito 1,5 kg', 'Para gatitos de hasta doce meses.', 68_000, 35],
      ['Lata húmeda de pollo 340 g', 'Para perros, sin conservantes.', 16_000, 120],
      ['Sobre húmedo de atún 85 g', 'Para gatos, en salsa.', 8_500, 200],
    ],
  ],
  [
    'Antiparasitarios',
    [
      [
        'Pipeta antipulgas perro 10–25 kg',
        'Protege durante treinta días contra pulgas y garrapatas.',
        55_000,
        60,
      ],
      ['Pipeta antipulgas gato', 'Protege durante treinta días contra pulgas.', 48_000, 50],
      ['Comprimido antiparasitario perro', 'Un comprimido por cada diez kilos.', 35_000, 80],
      ['Collar antiparasitario', 'Hasta ocho meses de protección.', 165_000, 15],
    ],
  ],
  [
    'Higiene',
    [
      ['Champú de avena 500 ml', 'Para pieles sensibles.', 42_000, 25],
      ['Champú medicado con clorhexidina 250 ml', 'De uso veterinario, según indicación.', 78_000, 12],
      ['Cepillo quitapelos', 'De acero inoxidable, para pelo corto y largo.', 58_000, 20],
      ['Cortaúñas mediano', 'Con tope de seguridad.', 39_000, 18],
    ],
  ],
  [
    'Paseo',
    [
      ['Correa de nailon 1,5 m', 'Reforzada, con mosquetón giratorio.', 45_000, 30],
      ['Arnés acolchado talla M', 'Ajustable, para perros de diez a veinte kilos.', 95_000, 16],
      ['Collar con placa grabada', 'Incluye nombre y teléfono.', 65_000, 25],
    ],
  ],
  [
    'Descanso y transporte',
    [
      ['Cama redonda 60 cm', 'Lavable, con base antideslizante.', 175_000, 10],
      ['Transportadora para gato', 'Con puerta metálica y manija.', 210_000, 8],
      ['Rascador de sisal 70 cm', 'Con plataforma y pelota colgante.', 190_000, 6],
    ],
  ],
  [
    'Hogar',
    [
      ['Arena aglomerante 10 kg', 'Sin perfume, de bajo polvo.', 72_000, 45],
      ['Bandeja sanitaria con borde', 'Con pala incluida.', 85_000, 14],
      ['Comedero de acero doble', 'Dos platos de setecientos mililitros.', 62_000, 22],
      ['Bebedero automático 2 l', 'Con filtro de carbón.', 145_000, 9],
    ],
  ],
  [
    'Juguetes y premios',
    [
      ['Pelota de goma maciza', 'Resistente a mordidas.', 28_000, 50],
      ['Hueso dental, paquete de 7', 'Ayuda a reducir el sarro.', 34_000, 70],
      ['Ratón de peluche con catnip', 'Para gatos de todas las edades.', 19_000, 40],
    ],
  ],
  ['Salud', [['Suplemento articular 60 comprimidos', 'Con glucosamina y condroitina.', 155_000, 0]]],
]
