using System.Globalization;

namespace FeedbackAlignment.Cli.Tests;

/// <summary><c>fa robustness</c> and <c>fa similarity</c>.</summary>
public sealed class AnalysisTests : IDisposable
{
    private readonly Fa _fa = new();

    public AnalysisTests() => _fa.Run([.. _fa.Tiny, "--quiet", "--out", _fa.Path("one")]);

    public void Dispose() => _fa.Dispose();

    [Fact]
    public void ErrorsAreShownByRuleAndChange()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("robustness", _fa.Path("one"), "--noise", "0.2,0.4,1", "--fgsm", "0.05"));
        Assert.StartsWith("error of 100 test examples in percent, mean ± standard deviation over seeds\n"
            + "strengths are in units of a pixel; changed pixels stay within 0 … 1\n", _fa.Output);
        var lines = _fa.Output.Split('\n');
        Assert.Equal(["rule clean noise 0.2 noise 0.4", "rule clean noise 1", "rule clean fgsm 0.05"],
            lines.Where(line => line.StartsWith("rule", StringComparison.Ordinal))
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(3, lines.Count(line => line.StartsWith("feedback-alignment ", StringComparison.Ordinal)));

        Assert.Equal(ExitCode.Done,
            _fa.Run("robustness", _fa.Path("one/runs/shallow-2"), "--noise", "none", "--fgsm", "0.05,0.5", "--csv"));
        string[][] cells = [.. _fa.Output.TrimEnd().Split('\n').Select(line => line.Split(','))];
        Assert.Equal(["rule", "seed", "perturbation", "strength", "error"], cells[0]);
        Assert.Equal(["none 0", "fgsm 0.05", "fgsm 0.5"], cells[1..].Select(line => $"{line[2]} {line[3]}"));
        double[] errors = [.. cells[1..].Select(line => double.Parse(line[4], CultureInfo.InvariantCulture))];
        Assert.Equal(errors.Order(), errors);
        Assert.Equal(1, errors[^1]);
    }

    [Fact]
    public void LayersAreComparedWithThoseOfBackpropagation()
    {
        Assert.Equal(ExitCode.Done, _fa.Run("similarity", _fa.Path("one")));
        Assert.StartsWith("linear CKA with backpropagation of the same seed, on 100 test examples", _fa.Output);
        Assert.Matches(@"\nlayer +feedback-alignment +direct-feedback-alignment +shallow\nhidden1( +0\.\d{3} ± 0\.\d{3}){3}\n", _fa.Output);

        Assert.Equal(ExitCode.Done, _fa.Run("similarity", _fa.Path("one"), "--to", "shallow", "--examples", "5", "--csv"));
        Assert.Equal(7, _fa.Output.TrimEnd().Split('\n').Length);
        Assert.StartsWith("rule,to,seed,layer,cka\nbackpropagation,shallow,1,hidden1,0.", _fa.Output);

        Assert.Equal(ExitCode.Done, _fa.Run("similarity", _fa.Path("one"), "--examples", "5"));
        Assert.Contains("a layer has 8 units: with fewer examples than units CKA is too high; raise --examples", _fa.Output);
    }

    [Theory]
    [InlineData("robustness IN --noise 0.1;2", "--noise: must be numbers above 0 with commas between them, or none; was \"0.1;2\"")]
    [InlineData("robustness IN --fgsm -1", "--fgsm: must be numbers above 0 with commas between them, or none; was \"-1\"")]
    [InlineData("robustness IN --examples 0", "--examples: must be at least 1, was 0")]
    [InlineData("similarity IN --examples 20000", "--examples: must be at most 10000, was 20000")]
    [InlineData("similarity IN --to pepita",
        "--to: TEMP/one has no finished run of pepita; it has backpropagation, feedback-alignment, direct-feedback-alignment, shallow")]
    [InlineData("similarity IN/runs/shallow-1 --to shallow",
        "TEMP/one/runs/shallow-1: no other rule has a finished run with a seed of shallow, so there is nothing to compare")]
    [InlineData("robustness IN/runs", "TEMP/one/runs: no finished run here; name a run folder, e.g. ")]
    public void MistakesAreOneLine(string command, string message)
    {
        Assert.Equal(ExitCode.BadInput, _fa.Run(command.Replace("IN", _fa.Path("one"), StringComparison.Ordinal).Split(' ')));
        Assert.StartsWith($"fa: {message}", _fa.Error);
        Assert.Single(_fa.Error.TrimEnd().Split('\n'));
    }
}
