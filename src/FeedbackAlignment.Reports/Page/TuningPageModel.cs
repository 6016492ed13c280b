namespace FeedbackAlignment.Reports.Page;

/// <summary>Everything that the template of a tuning puts on the page; it escapes all but the drawings and the style sheet.</summary>
internal sealed record TuningPageModel
{
    public required string Style { get; init; }

    public required string Title { get; init; }

    public required string Headline { get; init; }

    public required string Setting { get; init; }

    public required string Search { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public required IReadOnlyList<string> Gains { get; init; }

    public required IReadOnlyList<string> WinnerHeadings { get; init; }

    public required IReadOnlyList<RowModel> Winners { get; init; }

    public required IReadOnlyList<FigureModel> Figures { get; init; }

    public required IReadOnlyList<string> TrialHeadings { get; init; }

    public required IReadOnlyList<RowModel> Trials { get; init; }

    public required IReadOnlyList<string> LaterHeadings { get; init; }

    public required IReadOnlyList<RowModel> Later { get; init; }

    public required IReadOnlyList<FactModel> Environment { get; init; }

    public required string Spec { get; init; }
}
