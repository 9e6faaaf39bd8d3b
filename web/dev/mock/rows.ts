// 模拟: the lines of the plan. Titles, bases and targets are those the plan of Ziyang prints; every present value is invented.
type Line = [title: string, en: string, unit: string, base: string, target: string, cumulative: string, attribute: "b" | "e", group: string, state: string, value: string];

const B = "b" as const;
const E = "e" as const;
export const LINES: Line[] = [
  ["地级及以上城市空气优良天数比例", "Share of days with good air", "%", "88.8", "90.8", "", B, "treatment", "behind", "88.2"],
  ["地级及以上城市细颗粒物（PM2.5）浓度", "PM2.5 concentration", "μg/m3", "30", "29", "", B, "treatment", "on-track", "29.6"],
  ["地级及以上城市空气质量重污染天数比率", "Share of heavily polluted days", "%", "0", "基本消除", "", B, "treatment", "text", "0.6"],
  ["国、省考断面地表水质量达到或好于Ⅲ类水体比例", "Surface water at class III or better", "%", "80", "88.2", "", B, "treatment", "achieved", "90"],
  ["地表水质量劣V类水体比例", "Surface water below class V", "%", "0", "0", "", B, "treatment", "achieved", "0"],
  ["地级以上城市建成区黑臭水体比例", "Black and odorous water bodies", "%", "0", "0", "", B, "treatment", "no-data", ""],
  ["地下水质量V类水比例", "Groundwater of class V", "%", "/", "完成省下达目标", "", B, "treatment", "no-data", ""],
  ["县级及以上集中式饮用水水源水质量达到或优于Ⅲ类比例", "Drinking-water sources at class III or better", "%", "100", "100", "", B, "treatment", "achieved", "100"],
  ["行政村农村生活污水有效治理比例", "Villages whose sewage is treated", "%", "56.07", "75", "", E, "treatment", "on-track", "66.8"],
  ["畜禽粪污综合利用率", "Use of livestock manure", "%", "92.87", "93", "", E, "treatment", "no-data", ""],
  ["农作物秸秆综合利用率", "Use of crop straw", "%", "92.21", "95", "", E, "treatment", "no-data", ""],
  ["化学需氧量重点工程减排量", "COD cut by key projects", "t", "—", "—", "4218", B, "treatment", "no-data", ""],
  ["氨氮重点工程减排量", "Ammonia nitrogen cut by key projects", "t", "—", "—", "184", B, "treatment", "no-data", ""],
  ["氮氧化物重点工程减排量", "NOx cut by key projects", "t", "—", "—", "650", B, "treatment", "on-track", "420"],
  ["挥发性有机物重点工程减排量", "VOC cut by key projects", "t", "—", "—", "280", B, "treatment", "no-data", ""],
  ["单位GDP能源消耗降低", "Cut of energy per GDP", "%", "—", "—", "完成省下达目标", B, "climate", "no-data", ""],
  ["单位GDP二氧化碳排放降低", "Cut of CO2 per GDP", "%", "—", "—", "", B, "climate", "not-due", ""],
  ["非化石能源占能源消费总量比重", "Share of non-fossil energy", "%", "—", "—", "", E, "climate", "no-data", ""],
  ["受污染耕地安全利用率", "Safe use of polluted farmland", "%", "/", "93", "", B, "risk", "no-data", ""],
  ["重点建设用地安全利用", "Safe use of key construction land", "", "/", "有效保障", "", B, "risk", "text", ""],
  ["生态质量指数（EQI）", "Ecological quality index (EQI)", "", "/", "稳中向好", "", E, "ecology", "text", ""],
  ["森林覆盖率", "Forest cover", "%", "37.32", "38", "", B, "ecology", "on-track", "37.6"],
  ["生态保护红线面积", "Area under the ecological red line", "km2", "1.91", "面积不减少、功能不降、性质不改", "", B, "ecology", "text", "1.91"],
];

export const QUOTES: [string, string, string][] = [
  ["“城镇新建建筑中绿色建筑面积占比达到70%”", "≥70 %", "2025"],
  ["“生态保护岸线宽度不小于200米”", "≥200 m", "—"],
  ["“城镇公园岸线至少保留100米滨江公园绿化带，条件困难区域可放宽至50米”", "≥100 m (≥50 m)", "—"],
  ["“禁止在沱江岸线一公里范围内新建、扩建化工园区和化工项目”", "1 km, count = 0", "standing"],
  ["“到2025年，涂装、胶粘、印染行业低挥发性原辅材料替代率不低于80%”", "≥80 %", "2025"],
  ["“确保王二溪电站下游、保和水文站、雁江镇水位站、南津驿电站月均保障目标满足程度在90%以上”", "≥90 % at 4 points", "standing"],
  ["“在秸秆产生量大的46个乡镇建设秸秆收集、转运和集中处理站”", "46", "—"],
];
