import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import type { Chart } from './report.ts'

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer])

/** Distinguishable for colour-blind readers (Okabe and Ito, 2008); the lines differ in their markers too. */
const colours = [
  '#000000',
  '#0072b2',
  '#56b4e9',
  '#009e73',
  '#e69f00',
  '#999999',
  '#d55e00',
  '#cc79a7',
  '#7a5c00',
]
const marks = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow', 'roundRect', 'circle', 'rect']

/** Returns a chart as SVG on a white background, for pages in light and dark mode. */
export function draw({ title, x, xName, yName, kind, logarithmic, series }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 840, height: 420 })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: colours,
    title: { text: title, left: 12, top: 8, textStyle: { fontSize: 16 } },
    ...(series.length > 1 ? { legend: { orient: 'vertical', right: 12, top: 48 } } : {}),
    grid: { left: 72, right: series.length > 1 ? 220 : 24, top: 64, bottom: 56 },
    xAxis: { type: 'category', data: [...x], name: xName, nameLocation: 'middle', nameGap: 32 },
    yAxis: {
      type: logarithmic === true ? 'log' : 'value',
      name: yName,
      nameLocation: 'middle',
      nameGap: 52,
      nameRotate: 90,
    },
    series: series.map(({ name, values }, at) => ({
      name,
      type: kind,
      data: values.map((value) => (Number.isFinite(value) ? Math.round(value * 100) / 100 : null)),
      symbol: marks[at % marks.length],
      symbolSize: 8,
    })),
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
