// @ts-check
/** Every view of the page, made from its place in index.html. */
import { ChosenView } from './chosen.js';
import { CmcPlot } from './cmc-plot.js';
import { DeviceView } from './device.js';
import { find } from './dom.js';
import { DoctorView } from './doctor.js';
import { DropArea } from './drop-area.js';
import { ExportsView } from './exports.js';
import { HeatMap } from './heat-map.js';
import { IdentitiesView } from './identities.js';
import { ImageList } from './image-list.js';
import { KeysView } from './keys.js';
import { LargeView } from './large.js';
import { ListTools } from './list-tools.js';
import { MetricsView } from './metrics.js';
import { ModelView } from './model.js';
import { ModelCardView } from './model-card.js';
import { ModelInput } from './model-input.js';
import { ModelsView } from './models.js';
import { NoticeView } from './notice.js';
import { OptionsView } from './options.js';
import { PlotFiles } from './plot-files.js';
import { PrivacyView } from './privacy.js';
import { ProblemsView } from './problems.js';
import { ProgressView } from './progress.js';
import { ProtocolsView } from './protocols.js';
import { RankList } from './rank-list.js';
import { SampleView } from './sample.js';
import { RefinementsView } from './refinements.js';
import { SheetsView } from './sheets.js';
import { StudyView } from './study.js';
import { ThemeView } from './theme.js';
import { ThresholdView } from './threshold.js';
import { TourView } from './tour.js';
import { ZoneView } from './zone.js';

/** @param {string} selector */
const at = (selector) => find(document, selector, HTMLElement);
/** @param {string} selector */
const dialog = (selector) => find(document, selector, HTMLDialogElement);

/** @typedef {ReturnType<typeof createViews>} Views */

export function createViews() {
  return {
    theme: new ThemeView(at('#theme-button')),
    model: new ModelView(at('#model-button'), at('#model-facts')),
    modelInput: new ModelInput(find(document, '#input-model', HTMLInputElement)),
    modelCard: new ModelCardView(at('#model-card')),
    models: new ModelsView(dialog('#models')),
    device: new DeviceView(at('#device-button'), at('#device-facts')),
    privacy: new PrivacyView(at('#privacy-button'), at('#privacy-facts')),
    notice: new NoticeView(at('#notice')),
    progress: new ProgressView(at('#progress')),
    problems: new ProblemsView(at('#problems')),
    dropArea: new DropArea(document.body),
    zones: {
      dataset: new ZoneView(at('[data-zone=dataset]')),
      query: new ZoneView(at('[data-zone=query]')),
      gallery: new ZoneView(at('[data-zone=gallery]')),
    },
    lists: { query: new ImageList(at('#query-list')), gallery: new ImageList(at('#gallery-list')) },
    identities: new IdentitiesView(at('#identities')),
    listTools: new ListTools(at('.list-tools')),
    sheets: new SheetsView(at('#sheets'), at('#sets')),
    sample: new SampleView(at('#sample'), at('#sample-again')),
    tour: new TourView(at('#tour')),
    chosen: new ChosenView(at('#chosen')),
    ranks: new RankList(at('#rank-list'), at('#more-ranks'), at('#ranks-note')),
    large: new LargeView(dialog('#large')),
    heatMap: new HeatMap(at('#heat-map')),
    metrics: new MetricsView(at('#metrics')),
    options: new OptionsView(at('#options')),
    plotFiles: new PlotFiles(document.body),
    study: new StudyView(find(document, '#study', HTMLDetailsElement)),
    doctor: new DoctorView(at('.doctor')),
    refinements: new RefinementsView(find(document, '.refinements', HTMLFormElement)),
    threshold: new ThresholdView(at('.verification')),
    protocols: new ProtocolsView(at('.protocols')),
    cmc: new CmcPlot(at('#cmc')),
    exports: new ExportsView(at('#exports')),
    keys: new KeysView(dialog('#keys'), at('#keys-button')),
  };
}
