// @ts-check
/** Every view of the page, made from its place in index.html. */
import { KeysView } from './dialogs/keys.js';
import { LargeView } from './dialogs/large.js';
import { ModelCardView } from './dialogs/model-card.js';
import { ModelsView } from './dialogs/models.js';
import { SampleView } from './dialogs/sample.js';
import { TourView } from './dialogs/tour.js';
import { find } from './dom.js';
import { DeviceView } from './header/device.js';
import { ModelView } from './header/model.js';
import { NoticeView } from './header/notice.js';
import { PrivacyView } from './header/privacy.js';
import { ProblemsView } from './header/problems.js';
import { ProgressView } from './header/progress.js';
import { ThemeView } from './header/theme.js';
import { ChosenView } from './query/chosen.js';
import { HeatMapView } from './query/heat-map.js';
import { RankListView } from './query/rank-list.js';
import { CmcView } from './results/cmc.js';
import { ExportsView } from './results/exports.js';
import { MetricsView } from './results/metrics.js';
import { OptionsView } from './results/options.js';
import { PlotFilesView } from './results/plot-files.js';
import { DropAreaView } from './sets/drop-area.js';
import { IdentitiesView } from './sets/identities.js';
import { ImageListView } from './sets/image-list.js';
import { ListToolsView } from './sets/list-tools.js';
import { ModelInputView } from './sets/model-input.js';
import { SheetsView } from './sets/sheets.js';
import { ZoneView } from './sets/zone.js';
import { FindingsView } from './study/findings.js';
import { ProtocolsView } from './study/protocols.js';
import { RefinementsView } from './study/refinements.js';
import { StudyView } from './study/study.js';
import { ThresholdView } from './study/threshold.js';

/** @param {string} selector */
const at = (selector) => find(document, selector, HTMLElement);
/** @param {string} selector */
const dialog = (selector) => find(document, selector, HTMLDialogElement);

/** @typedef {ReturnType<typeof createViews>} Views */

export function createViews() {
  return {
    theme: new ThemeView(at('#theme-button')),
    model: new ModelView(at('#model-button'), at('#model-facts')),
    modelInput: new ModelInputView(find(document, '#input-model', HTMLInputElement)),
    modelCard: new ModelCardView(at('#model-card')),
    models: new ModelsView(dialog('#models')),
    device: new DeviceView(at('#device-button'), at('#device-facts')),
    privacy: new PrivacyView(at('#privacy-button'), at('#privacy-facts')),
    notice: new NoticeView(at('#notice')),
    progress: new ProgressView(at('#progress')),
    problems: new ProblemsView(at('#problems')),
    dropArea: new DropAreaView(document.body),
    zones: {
      dataset: new ZoneView(at('[data-zone=dataset]')),
      query: new ZoneView(at('[data-zone=query]')),
      gallery: new ZoneView(at('[data-zone=gallery]')),
    },
    lists: { query: new ImageListView(at('#query-list')), gallery: new ImageListView(at('#gallery-list')) },
    identities: new IdentitiesView(at('#identities')),
    listTools: new ListToolsView(at('.list-tools')),
    sheets: new SheetsView(at('#sheets'), at('#sets')),
    sample: new SampleView(at('#sample'), at('#sample-again')),
    tour: new TourView(at('#tour')),
    chosen: new ChosenView(at('#chosen')),
    ranks: new RankListView(at('#rank-list'), at('#more-ranks'), at('#ranks-note')),
    large: new LargeView(dialog('#large')),
    heatMap: new HeatMapView(at('#heat-map')),
    metrics: new MetricsView(at('#metrics')),
    options: new OptionsView(at('#options')),
    plotFiles: new PlotFilesView(document.body),
    study: new StudyView(find(document, '#study', HTMLDetailsElement)),
    findings: new FindingsView(at('.data-set-checks')),
    refinements: new RefinementsView(find(document, '.refinements', HTMLFormElement)),
    threshold: new ThresholdView(at('.verification')),
    protocols: new ProtocolsView(at('.protocols')),
    cmc: new CmcView(at('#cmc')),
    exports: new ExportsView(at('#exports')),
    keys: new KeysView(dialog('#keys'), at('#keys-button')),
  };
}
