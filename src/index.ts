// biome-ignore-all assist/source/organizeImports: in the order of the flow
import "./notebook/attach";

export { type Displayable, displaySymbol, type MimeBundle } from "./base/display";
export { type Complaint, type ErrorCode, LogitpressError } from "./base/errors";
export type { Progress, Watch } from "./base/progress";

export { readCsv, readJson, readParquet, readTable, type TableOptions } from "./frame/read";
export { type FrameOptions, type FrameSource, toColumns, toFrame } from "./frame/to-frame";
export type { ColumnKind, Schema } from "./frame/schema";
export type { ArrowColumn, ArrowTable } from "./frame/arrow";
export type { Paths } from "./frame/several";
export type { JsonOptions } from "./frame/json-file";
export type { CsvOptions } from "./frame/csv-batches";
export type { ParquetOptions } from "./frame/parquet";
export type { EncodingOptions } from "./frame/text-file";
export { type ScanOptions, scanTable } from "./frame/scan";
export { readSvmlight, type SvmlightOptions } from "./frame/svmlight";
export { datasets } from "./frame/datasets";
export { type FrameSplitOptions, splitFrame } from "./frame/split";
export { inspectFrame, type InspectOptions } from "./frame/inspect/inspect-frame";
export {
  type ClassShare,
  type ColumnReport,
  type Finding,
  type FindingCode,
  FrameReport,
} from "./frame/inspect/report";
export type { ColumnType } from "./frame/inspect/facts";
export type { ColumnFrame, Frame, RowFrame } from "./frame/columns";
export { TableEncoder } from "./frame/encoder";
export type {
  BinsState,
  BlockState,
  CrossState,
  DateCycle,
  DatesState,
  HashedState,
  IndicatorState,
  OrdinalState,
  TargetState,
} from "./frame/blocks/state";
export type { ColumnName } from "./frame/columns";
export type {
  CategoricalColumn,
  CrossColumns,
  DateColumn,
  EncoderSpec,
  LevelOptions,
  NoColumn,
  NumericColumn,
  OrdinalColumn,
  SpecFor,
  TargetColumn,
  TextColumn,
  TextOptions,
} from "./frame/encoder-spec";
export type { NumericScale } from "./frame/numeric";
export type { CategoricalState, EncoderState, NumericState, TextState } from "./frame/encoder-state";

export { DenseMatrix } from "./matrix/dense";
export { type Matrix, SparseMatrix } from "./matrix/sparse";
export type { FeatureNames } from "./matrix/names";
export type { Pooling, PoolOptions } from "./matrix/squares";
export { Dataset, type DatasetParts, type Label, type SplitOptions } from "./matrix/dataset";

export {
  type FeatureBounds,
  FitRecord,
  type FitReport,
  type FitStep,
  LinearModel,
  type LinearParts,
  LinearScorer,
  type PenaltyName,
  type PenaltySummary,
} from "./model/linear";
export { Predictor } from "./model/predictor";
export { type Link, type PredictOptions, Scorer, type Table } from "./model/scorer";
export { type DiagnoseOptions, diagnose, diagnoseFit } from "./train/diagnose";
export { Summary, type SummaryOptions, type SummaryParts, summarise } from "./train/inference";
export type { LikelihoodRow } from "./train/inference/goodness";
export { LogisticRegression } from "./train/logistic-regression";
export type { LogisticRegressionOptions, Multiclass, SolverName } from "./train/options";
export type { ClassWeight } from "./train/shares";
export { type PathOptions, regularizationPath } from "./train/path";
export {
  type PathPenalty,
  type PathStep,
  RegularizationPath,
  type RegularizationPathParts,
} from "./train/regularization-path";
export {
  CrossValidation,
  type CrossValidationChoice,
  type CrossValidationParts,
  type CrossValidationPoint,
} from "./train/cross-validation-result";
export type { FeatureGroups, FeatureKey } from "./train/feature-groups";
export { type CoefficientRow, CoefficientTable, type CoefficientTableParts } from "./train/coefficient-table";
export {
  adaptiveWeights,
  type PenaltyOptions,
  type PerFeature,
  type WeightBounds,
} from "./train/penalty-options";
export type { FitWarning, WarningCode } from "./model/warning";

export { prune } from "./prune/prune";
export type { BytesOf, PruneOptions, Scope, Strategy } from "./prune/options";
export type { ObsOptions } from "./prune/obs/options";
export type { RefitOptions } from "./prune/refit-options";
export type { ScheduleName } from "./prune/schedule";
export { PrunedModel, type PruneReport, type PruneRound, type RankedWeight } from "./prune/pruned";
export {
  PruningCurve,
  type PruningCurveOptions,
  type PruningPoint,
  pruningCurve,
} from "./prune/curve";
export { l1RegularizationPruning } from "./prune/article";

export { quantize } from "./quantize/quantize";
export { type Compact, withoutUnusedFeatures } from "./quantize/compact";
export type {
  Granularity,
  LevelRefit,
  QuantizeMethod,
  QuantizeOptions,
  Rounding,
} from "./quantize/options";
export type { LevelPrecision } from "./quantize/precision";
export type { Range } from "./quantize/uniform";
export type { Parting } from "./quantize/parting";
export {
  type CodebookScheme,
  type FloatScheme,
  levelsOf,
  type PartedScheme,
  type PlainScheme,
  type PowerOfTwoScheme,
  plainSchemes,
  type Scheme,
  type UniformScheme,
} from "./quantize/schemes";
export {
  QuantizedModel,
  type QuantizedParts,
  type QuantizeLoss,
  type QuantizeReport,
} from "./quantize/quantized";
export { type InputOptions, quantizeInputs } from "./quantize/quantize-inputs";
export { IntegerModel, type IntegerParts, type IntegerReport } from "./quantize/integer-model";
export { type UniformQuantization, uniformQuantization } from "./quantize/article";
export { type CompressedEpoch, CompressedTraining, trainCompressed } from "./quantize/train-compressed";
export type {
  LearningRateSchedule,
  TrainCompressedOptions,
  TrainingQuantization,
} from "./quantize/training-options";

export { pack, type PackOptions } from "./pack/write";
export { unpack } from "./pack/read";
export { load, save } from "./pack/file";
export { type Extras, PackedModel, type Provenance, StoredLinear } from "./pack/packed";
export type { Decision, Part, PartName } from "./pack/content";
export { Ledger, ledger, type LedgerRow } from "./pack/ledger";
export { coarsen, type CoarsenOptions } from "./pack/coarsen";
export { toJson } from "./pack/json";
export { fromJson } from "./pack/from-json";
export { toNpz } from "./pack/npz";
export { toSafetensors, type SafetensorsOptions } from "./pack/safetensors";
export {
  AdaptiveCost,
  costOf,
  floatListBits,
  roundToMantissa,
  supportBits,
  supportStep,
} from "./pack/cost";
export { storedBytes } from "./pack/stored";

export { evaluate, type EvaluateOptions, Evaluation, type Measurements } from "./evaluate/evaluate";
export type { CalibrationBin } from "./evaluate/calibration";
export type { Confusion } from "./evaluate/confusion";
export type { RocCurve } from "./evaluate/roc";
export {
  compare,
  type CompareOptions,
  Comparison,
  type ComparisonRow,
  type Difference,
} from "./evaluate/compare";
export { type ModelCount, StepReport, stepReport } from "./evaluate/step-report";
export type { Verdict } from "./evaluate/verdict";
export { Recalibration, recalibrate, type RecalibrateOptions } from "./evaluate/recalibrate";
export { crossValidate, type CrossValidateOptions } from "./evaluate/cross-validate";
export type { Metric, MetricName } from "./evaluate/metric";
export type { Interval } from "./evaluate/bootstrap";
export type { McNemar } from "./evaluate/significance";

export { compress } from "./compress/compress";
export type { Budget, CompressOptions } from "./compress/options";
export {
  type CompressedPoint,
  Compression,
  type CompressionBaseline,
  type CompressionParts,
} from "./compress/compression";
export type { CrossValidated, Margins } from "./compress/judge";
export { dropFeatures, foldColumns, pool } from "./compress/inputs";

export type { ExportOptions } from "./export/options";
export { Exported, type ExportedFile, saveExport } from "./export/exported";
export { type CExportOptions, toC } from "./export/c/to-c";
export { toJavaScript } from "./export/javascript/to-javascript";
export { type OnnxExportOptions, toOnnx } from "./export/onnx/to-onnx";
export { type SqlExportOptions, toSql } from "./export/sql/to-sql";
export type { SqlDialect } from "./export/sql/dialect";
export { toSklearn } from "./export/sklearn/to-sklearn";
export { fromSklearn } from "./export/import/from-sklearn";
export { fromOnnx } from "./export/import/from-onnx";
export { fromLiblinear } from "./export/import/from-liblinear";

export { DuckDbEngine, duckdb } from "./engine/duckdb";
export type { DuckDbOptions } from "./engine/options";
export type { DuckDbTable, TableSource, TableSpec } from "./engine/source";
export { PackedTable } from "./engine/packed-table";
export type { SparkOptions } from "./engine/spark/options";
export { ClusterTable, type Sampled, type SampledOptions } from "./engine/spark/cluster-table";
export type { SampleOptions } from "./engine/spark/sample";
export { SparkEngine, spark } from "./engine/spark/spark";
export type { SparkTable } from "./engine/spark/table";
export { TableEvaluation } from "./engine/table-evaluation";
export {
  TableComparison,
  type TableComparisonRow,
  type TableDifference,
} from "./engine/table-comparison";
export type { Engine, EngineWatch, PathEngine, PathEngineWatch } from "./train/engine";
export type { CrossValidateEngine, CrossValidateEngineWatch } from "./evaluate/cross-validate";

export { type Axis, type Datum, Figure, type FigureParts, type Layout, type Trace } from "./chart/figure";
export { bundleBudget, byteBudget } from "./chart/shown";
export { classBalanceChart } from "./chart/class-balance";
export { frameReportChart } from "./chart/frame-report";
export { lossChart, type LossStep } from "./chart/loss";
export { type Line, linesChart, type LinesOptions } from "./chart/lines";
export { pathChart } from "./chart/path";
export { crossValidationChart } from "./chart/cross-validation";
export { weightsChart } from "./chart/weights";
export { coefficientsChart, type CoefficientsOptions } from "./chart/coefficients";
export { type PictureOptions, weightPicturesChart } from "./chart/weight-pictures";
export { levelsChart } from "./chart/levels";
export { importanceChart } from "./chart/importance";
export { pruningChart } from "./chart/pruning";
export { sparsityChart, type SparsityPoint } from "./chart/sparsity";
export { frontChart, type FrontPeer } from "./chart/front";
export { comparisonChart } from "./chart/comparison";
export { confusionChart } from "./chart/confusion";
export { rocChart } from "./chart/roc";
export { calibrationChart } from "./chart/calibration";
export { ledgerChart, type LedgerSection, type LedgerShown } from "./chart/ledger";
export { differenceChart } from "./chart/difference";

export { clearOutput, display, DisplayHandle, type DisplayOptions } from "./notebook/display";
export { bundleOf } from "./notebook/render";
export { displayBudget } from "./notebook/fold";
export { Content, type ContentTag, html, jpeg, json, latex, markdown, png, svg } from "./notebook/content";
export { input } from "./notebook/input";
export { progress, type ProgressListener, type ProgressOptions } from "./notebook/progress";
export { comms } from "./notebook/comms";
export type { Comm, CommBuffer, CommListener, CommMessage, CommOptions } from "./notebook/comm";
export type { CommHandler } from "./notebook/comm-registry";
export { WidgetModel, type WidgetState } from "./notebook/widget";
export { Report, report, type ReportOptions, type ReportSection } from "./notebook/report/report";
export { Card, type CardPart } from "./notebook/report/card";
export { dataCard, type DataCardOptions } from "./notebook/report/data-card";
export { modelCard, type ModelCardOptions } from "./notebook/report/model-card";
export type { Subgroups } from "./notebook/report/subgroups";
export { compressionStory } from "./notebook/report/compression-story";
export { LiveFront, liveFront, type LiveFrontOptions, type LivePoint } from "./notebook/report/live-front";
export type { PageExample, PageField, PagePayload, PageRows } from "./notebook/report/page/payload";
export { provenanceCard, type ProvenanceOptions } from "./notebook/report/provenance-card";
export { dataHash } from "./notebook/report/fingerprint";
