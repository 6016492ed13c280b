namespace FeedbackAlignment.Reports;
/// <summary>Stub.</summary>
public static class ReproductionReport
{
    /// <summary>Stub.</summary>
    public static string RenderHtml(Experiments.Records.ReproductionRecord record, IReadOnlyList<Experiments.Records.FigureRecord> figures) => "";
}
