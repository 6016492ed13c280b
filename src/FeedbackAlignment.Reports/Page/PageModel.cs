using FeedbackAlignment.Reports.Charts;

namespace FeedbackAlignment.Reports.Page;

/// <summary>Everything that the template puts on the page; it escapes all but the drawings and the style sheet.</summary>
internal sealed record PageModel
{
    public required string Title { get; init; }

    public required string Style { get; init; }

    /// <summary>One per experiment.</summary>
    public required IReadOnlyList<ExperimentModel> Experiments { get; init; }

    /// <summary>Whether there are several experiments, so that names are needed.</summary>
    public required bool Several { get; init; }

    public required IReadOnlyList<DrawingModel> Drawings { get; init; }

    /// <summary>Whether there are so many drawings that they are folded away.</summary>
    public required bool HasManyDrawings { get; init; }

    public required bool ShowsRandomFeedback { get; init; }

    /// <summary>Whether every network has a hidden layer.</summary>
    public required bool HasHiddenLayers { get; init; }

    /// <summary>Whether there are misread test examples to show.</summary>
    public required bool HasExamples { get; init; }

    /// <summary>Whether there are kernels to show.</summary>
    public required bool HasKernels { get; init; }

    /// <summary>Whether some shown classes have no name but their number.</summary>
    public required bool HasNumberedClasses { get; init; }

    /// <summary>Whether there are paired tests.</summary>
    public required bool HasTests { get; init; }

    /// <summary>Whether there are outputs to score.</summary>
    public required bool HasScores { get; init; }

    public required bool ShowsDirect { get; init; }

    public required bool ShowsShallow { get; init; }

    /// <summary>The rules' papers.</summary>
    public required IReadOnlyList<FactModel> Papers { get; init; }

    /// <summary>Whether the rows are in the order of their test errors.</summary>
    public required bool IsSorted { get; init; }

    public required IReadOnlyList<string> Headings { get; init; }

    public required IReadOnlyList<RowModel> Rows { get; init; }

    /// <summary>What the errors are, in words.</summary>
    public required string ErrorMeaning { get; init; }

    public required IReadOnlyList<ChartGroup> Learning { get; init; }

    public required IReadOnlyList<ChartGroup> Alignment { get; init; }

    /// <summary>The heading above the angles, as the angles bear it out.</summary>
    public required string AlignmentTitle { get; init; }

    /// <summary>What the angles show; empty if there is nothing to conclude.</summary>
    public required string AlignmentFinding { get; init; }

    /// <summary>Whether a chart of angles has a logarithmic axis of examples.</summary>
    public required bool HasLogarithmicAxis { get; init; }

    public required IReadOnlyList<ChartGroup> Instruments { get; init; }

    /// <summary>The runs that did not complete.</summary>
    public required IReadOnlyList<string> Troubles { get; init; }

    public required IReadOnlyList<string> RunHeadings { get; init; }

    public required IReadOnlyList<RowModel> Runs { get; init; }

    public required string Command { get; init; }
}

/// <summary>An experiment's own words.</summary>
internal sealed record ExperimentModel(
    string Name, string Headline, IReadOnlyList<string> Notes, string Setting, IReadOnlyList<ShownExample> Examples, ShownKernels? Kernels,
    ScoreModel? Scores, TestModel? Tests, IReadOnlyList<FactModel> Environment, string Spec);

/// <summary>Paired tests: the family in words, a row for each comparison, and what must be known to read them.</summary>
internal sealed record TestModel(
    string Family, IReadOnlyList<string> Headings, IReadOnlyList<RowModel> Rows, IReadOnlyList<string> Notes, bool HasAnswers);

/// <summary>How well each output of a regression is predicted under each rule.</summary>
internal sealed record ScoreModel(IReadOnlyList<string> Headings, IReadOnlyList<RowModel> Rows);

/// <summary>A name and its value.</summary>
internal sealed record FactModel(string Name, string Value);

/// <summary>A drawing of an error path.</summary>
internal sealed record DrawingModel(string Name, string Caption, string Svg);

/// <summary>A table row: its head and its other cells.</summary>
internal sealed record RowModel(string Head, int Color, IReadOnlyList<CellModel> Cells);

/// <summary>A cell with the heading of its column, which a phone shows beside it.</summary>
internal sealed record CellModel(string Heading, string Text);
