namespace FeedbackAlignment.Experiments.Records;

/// <summary>What figures must be to be drawn.</summary>
public static class FigureChecks
{
    /// <summary>The first reason why figures cannot be drawn; null if they can.</summary>
    /// <param name="figures">The figures of a report.</param>
    public static string? Problem(IReadOnlyList<FigureRecord> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return figures.GroupBy(figure => figure.Id).FirstOrDefault(same => same.Count() > 1) is { } twice
            ? $"there are {twice.Count()} figures “{twice.Key}”: ids must differ"
            : figures.FirstOrDefault(figure => !IsName(figure.Id)) is { } odd
                ? $"figure “{odd.Id}”: its id names files, so it must be letters, digits and hyphens only"
            : figures.SelectMany(figure => figure.Panels.Select(panel => Problem(panel, figure.Id)))
                .FirstOrDefault(problem => problem is not null);
    }

    private static bool IsName(string id) => id.Length > 0 && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');

    private static string? Problem(PanelRecord panel, string figure)
        => panel.Picture is { } picture
            ? picture.Width > 0 && picture.Height > 0 && picture.Pixels.Length == (long)picture.Width * picture.Height ? null
                : $"figure “{figure}”, panel “{panel.Title}”: a picture of {picture.Width} × {picture.Height} needs as many pixels, "
                    + $"had {picture.Pixels.Length}"
            : panel.X is null || panel.Y is null ? $"figure “{figure}”, panel “{panel.Title}”: needs two axes or a picture" : null;
}
