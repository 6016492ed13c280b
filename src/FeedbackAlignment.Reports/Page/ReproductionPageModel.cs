namespace FeedbackAlignment.Reports.Page;

/// <summary>Everything that the template of a reproduction puts on the page; it escapes all but the drawings and the style sheet.</summary>
internal sealed record ReproductionPageModel
{
    public required string Style { get; init; }

    public required string Outcome { get; init; }

    public required string Circumstances { get; init; }

    public required IReadOnlyList<VerdictModel> Tally { get; init; }

    public required IReadOnlyList<ClaimGroupModel> Groups { get; init; }

    public required IReadOnlyList<FigureModel> Figures { get; init; }

    public required IReadOnlyList<RowModel> Experiments { get; init; }

    public required IReadOnlyList<string> ExperimentHeadings { get; init; }

    public required string Command { get; init; }

    public required IReadOnlyList<FactModel> Environment { get; init; }
}

/// <summary>A verdict as a badge; in a tally with its count.</summary>
internal sealed record VerdictModel(string Kind, string Text);

/// <summary>The claims of a group.</summary>
internal sealed record ClaimGroupModel(string Id, string Title, IReadOnlyList<ClaimModel> Claims);

/// <summary>A claim.</summary>
internal sealed record ClaimModel
{
    public required string Id { get; init; }

    public required string Row { get; init; }

    public required string Statement { get; init; }

    public required string Paper { get; init; }

    public required string Measured { get; init; }

    public required string Quantity { get; init; }

    public required string Tolerance { get; init; }

    public required VerdictModel Verdict { get; init; }

    /// <summary>Why it was not run; empty if it was.</summary>
    public required string Missing { get; init; }

    public required IReadOnlyList<FactModel> Facts { get; init; }

    public required IReadOnlyList<CheckModel> Checks { get; init; }
}

/// <summary>An assertion and what was found.</summary>
internal sealed record CheckModel(string Kind, string Mark, string Words, string Text, string Found);

/// <summary>A figure.</summary>
internal sealed record FigureModel(string Id, string Title, string Place, string Caption, string Layout, IReadOnlyList<PanelModel> Panels);

/// <summary>A panel: the one or the other of drawing and picture, the other empty.</summary>
internal sealed record PanelModel(string Title, string Svg, string Picture, int Width, int Height);
