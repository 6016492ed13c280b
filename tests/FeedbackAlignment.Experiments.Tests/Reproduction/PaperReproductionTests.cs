using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Reproduction;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Reproduction;

/// <summary>A whole reproduction of one group, as <c>fa reproduce linear</c> does it.</summary>
public sealed class PaperReproductionTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void TheLinearTaskIsReproducedAndKept()
    {
        var folder = ReproductionFolder.Create(Path.Combine(_temporary.Path, "run"));
        var claims = ClaimCatalog.Select(["linear"], out _);
        var (record, figures) = new PaperReproduction(claims, Effort.Quick, new DataSources(_temporary.Path), folder, TimeProvider.System).Run(new Watcher(), default);

        Assert.Equal([1, 2, 3, 4, 5], record.Claims.Select(claim => claim.Row));
        Assert.All(record.Claims, claim => Assert.Equal(Verdict.ReproducedWithReading, claim.Verdict));
        Assert.Equal("linear", Assert.Single(record.Experiments).Id);
        Assert.True(File.Exists(Path.Combine(folder.FullPath, "experiments", "linear", "spec.json")));

        var (readRecord, readFigures) = ReproductionFolder.Read(folder.FullPath);
        Assert.Equal(record.Claims.SelectMany(claim => claim.Checks), readRecord.Claims.SelectMany(claim => claim.Checks));
        Assert.Equal(figures.SelectMany(figure => figure.Panels).SelectMany(panel => panel.Series).Sum(series => series.Points.Count), readFigures.SelectMany(figure => figure.Panels).SelectMany(panel => panel.Series).Sum(series => series.Points.Count));
    }

    [Fact]
    public void TheFigureHasThePapersCurveBesideOurs()
    {
        var folder = ReproductionFolder.Create(Path.Combine(_temporary.Path, "run"));
        var (_, figures) = new PaperReproduction(ClaimCatalog.Select(["linear-speed"], out _), Effort.Quick, new DataSources(_temporary.Path), folder, TimeProvider.System).Run(new Watcher(), default);

        var error = Assert.Single(figures).Panels[0];
        Assert.Equal(
            error.Series.Where(series => series.Source == SeriesSource.Measured).Select(series => series.Subject).Order(),
            error.Series.Where(series => series.Source == SeriesSource.Paper).Select(series => series.Subject).Order());
        var measured = error.Series.Single(series => series is { Subject: "feedback-alignment", Source: SeriesSource.Measured });
        Assert.All(measured.Points, point => Assert.True(point.Low < point.Y && point.Y < point.High));
    }

    [Fact]
    public void WithoutDataAnExperimentIsNotRunAndItsClaimsSayWhy()
    {
        var folder = ReproductionFolder.Create(Path.Combine(_temporary.Path, "run"));
        var (record, figures) = new PaperReproduction(ClaimCatalog.Select(["mnist-angle"], out _), Effort.Quick, new DataSources(Path.Combine(_temporary.Path, "none")), folder, TimeProvider.System).Run(new Watcher(), default);

        Assert.Equal(Verdict.NotRun, Assert.Single(record.Claims).Verdict);
        Assert.Contains("fa data get mnist", record.Claims[0].Missing!, StringComparison.Ordinal);
        Assert.Empty(figures);
    }

    /// <summary>Folders of 0.1 have other words for a verdict, and no checks of further parts.</summary>
    [Fact]
    public void AVerdictOfAnOlderVersionIsRead()
    {
        var folder = ReproductionFolder.Create(Path.Combine(_temporary.Path, "run"));
        var claims = ClaimCatalog.Select(["theorem-2"], out _);
        new PaperReproduction(claims, Effort.Quick, new DataSources(_temporary.Path), folder, TimeProvider.System).Run(new Watcher(), default);
        var text = File.ReadAllText(folder.RecordPath);
        Assert.Contains("\"verdict\": \"reproduced\"", text, StringComparison.Ordinal);
        File.WriteAllText(folder.RecordPath, text.Replace("\"verdict\": \"reproduced\"", "\"verdict\": \"not in the paper's reach\"", StringComparison.Ordinal)
            .Replace(",\n          \"isFurther\": false", "", StringComparison.Ordinal));

        var claim = Assert.Single(ReproductionFolder.Read(folder.FullPath).Record.Claims);
        Assert.Equal(Verdict.NotOfThePaper, claim.Verdict);
        Assert.DoesNotContain("isFurther", File.ReadAllText(folder.RecordPath), StringComparison.Ordinal);
        Assert.All(claim.Checks, check => Assert.False(check.IsFurther));
    }

    private sealed class Watcher : ReproductionObserver;
}
