namespace FeedbackAlignment.Reports.Page;

/// <summary>Everything that the template of a study puts on the page; it escapes all but the drawings and the style sheet.</summary>
internal sealed record StudyPageModel
{
    public required string Style { get; init; }

    public required string Title { get; init; }

    public required string Headline { get; init; }

    public required string Setting { get; init; }

    /// <summary>The runs that did not come to their end.</summary>
    public required IReadOnlyList<string> Troubles { get; init; }

    public required IReadOnlyList<FigureModel> Figures { get; init; }

    public required IReadOnlyList<string> RankHeadings { get; init; }

    public required IReadOnlyList<RowModel> Ranks { get; init; }

    public required TestModel? Tests { get; init; }

    public required string Command { get; init; }

    public required string Spec { get; init; }
}
