using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary><c>test-mistakes.npy</c>: written by a run, and read back by whoever compares runs.</summary>
public sealed class MistakesFileTests : IDisposable
{
    private readonly TinyExperiment _experiments = new();
    private readonly ExperimentRecord _record;
    private readonly string _folder;

    public MistakesFileTests()
        => (_record, _folder) = _experiments.Run(TinyExperiment.Spec with { Rules = ["backpropagation", "shallow"] });

    private string File => TinyExperiment.RunPath(_folder, "shallow-1", MistakesFile.Name);

    public void Dispose() => _experiments.Dispose();

    [Fact]
    public void NumPyAndWeReadAByteForEachTestExample()
    {
        var bytes = System.IO.File.ReadAllBytes(File);
        Assert.Equal(128 + 50, bytes.Length);
        Assert.StartsWith("{'descr': '|u1', 'fortran_order': False, 'shape': (50,), }", Encoding.ASCII.GetString(bytes, 10, 118),
            StringComparison.Ordinal);
        Assert.Equal(_record.Runs[1].TestMistakes!.Select(mistake => mistake ? 1L : 0),
            NpyReader.ReadLabels(new MemoryStream(bytes), "file"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/runs/shallow-1")]
    public void WhoReadsAnExperimentOrARunHasThem(string path)
    {
        var read = ArchivedExperiment.Read(_folder + path, RuleCatalog.Standard).Runs[^1];
        Assert.Equal(_record.Runs[1].TestMistakes!, read.TestMistakes!);
    }

    [Fact]
    public void AStoppedExperimentAndOneThatGoesOnHaveThemToo()
    {
        System.IO.File.Delete(Path.Combine(_folder, "results.json"));
        Assert.All(ArchivedExperiment.Read(_folder, RuleCatalog.Standard).Runs, run => Assert.NotNull(run.TestMistakes));

        var spec = _record.Spec;
        var data = TinyExperiment.Load(spec);
        var again = new ExperimentRunner(spec, data.Split, data.Record, ExperimentFolder.Open(_folder), Components.Standard,
            TimeProvider.System)
            .Run(new Nobody(), default);
        Assert.Equal(_record.Runs[1].TestMistakes!, again.Runs[1].TestMistakes!);
    }

    /// <summary>A file that is damaged, is of another length, or says another error than the record is as none.</summary>
    [Theory]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("other")]
    [InlineData("text")]
    [InlineData("gone")]
    public void WhatDoesNotBelongToTheRunIsNotRead(string damage)
    {
        var bytes = System.IO.File.ReadAllBytes(File);
        if (damage == "gone")
        {
            System.IO.File.Delete(File);
        }
        else
        {
            System.IO.File.WriteAllBytes(File, damage switch
            {
                "cut" => bytes[..^1],
                "longer" => [.. bytes, .. new byte[5000]],
                "other" => [.. bytes[..^1], (byte)(1 - bytes[^1])],
                _ => Encoding.ASCII.GetBytes("mistakes"),
            });
        }

        var runs = ArchivedExperiment.Read(_folder, RuleCatalog.Standard).Runs;
        Assert.Equal([true, false], runs.Select(run => run.TestMistakes is not null));
        Assert.Equal(_record.Runs[1].TestError, runs[1].TestError);
    }

    [Fact]
    public void ResultsDoNotCarryThem()
    {
        Assert.DoesNotContain("estMistakes", System.IO.File.ReadAllText(Path.Combine(_folder, "results.json")), StringComparison.Ordinal);
        Assert.DoesNotContain("estMistakes", System.IO.File.ReadAllText(TinyExperiment.RunPath(_folder, "shallow-1", "run.json")),
            StringComparison.Ordinal);
    }

    private sealed class Nobody : ExperimentObserver;
}
