using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Archive;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Distributed;

/// <summary>What a rank says of itself before the first step: with another of any of it, ranks would come to other numbers.</summary>
internal sealed record RankFacts
{
    /// <summary>Why it cannot take part; null: it can.</summary>
    public string? Failure { get; init; }

    /// <summary>Version of the program.</summary>
    public string Version { get; init; } = ThisMachine.Version;

    /// <summary>The kind of arithmetic that it was told to compute with.</summary>
    public Arithmetic Kind { get; init; } = Compute.Arithmetic;

    /// <summary>How it computes.</summary>
    public string Arithmetic { get; init; } = "";

    /// <summary>Checksum of its data.</summary>
    public string Data { get; init; } = "";

    /// <summary>Its spec, as JSON.</summary>
    public string Spec { get; init; } = "{}";

    /// <summary>Its machine, and the processors there that it may use.</summary>
    public string Processors { get; init; } = "";

    /// <summary>How many these are.</summary>
    public int ProcessorCount { get; init; } = 1;

    /// <summary>What a rank says that is ready.</summary>
    /// <param name="spec">Its spec, complete.</param>
    /// <param name="split">Its data.</param>
    public static RankFacts Of(ExperimentSpec spec, DataSplit split) => new()
    {
        Arithmetic = ArithmeticOfMachine(),
        Data = DataChecksum.Of(split),

        // Neither changes a bit.
        Spec = SpecWriter.Write(spec with { Name = "", Training = spec.Training with { Threads = null } }),
        Processors = $"{Environment.MachineName} {OwnProcessors()}",
        ProcessorCount = Environment.ProcessorCount,
    };

    /// <summary>In what this rank differs from rank 0, as the rest of a sentence; null: in nothing that counts.</summary>
    /// <param name="first">What rank 0 says.</param>
    public string? DifferenceFrom(RankFacts first)
    {
        if (Version != first.Version)
        {
            return $"has version {Version}, rank 0 has {first.Version}; all need the same program";
        }

        if (Kind != first.Kind)
        {
            return $"computes with {ArithmeticOfProcess.Word(Kind)} arithmetic, rank 0 with {ArithmeticOfProcess.Word(first.Kind)}; "
                + "give all the same --arithmetic";
        }

        if (Arithmetic != first.Arithmetic)
        {
            return $"computes other bits ({Arithmetic}) than rank 0 ({first.Arithmetic}); all need the same kind of machine and system";
        }

        if (SpecDifference.Between(JsonNode.Parse(first.Spec)!, JsonNode.Parse(Spec)!) is [var setting, ..])
        {
            return $"has another spec than rank 0: {setting.Path} is {setting.Second ?? "not there"}, on rank 0 "
                + (setting.First ?? "not there");
        }

        return Data != first.Data ? $"has read other data ({Data}) than rank 0 ({first.Data}); all need the same files" : null;
    }

    /// <summary>
    /// A fingerprint of what a product and the functions of the system give: the library's own arithmetic has the same bits everywhere, but
    /// double logarithms and such come from the system.
    /// </summary>
    private static string ArithmeticOfMachine()
    {
        var random = new RandomStreams(1).Stream("arithmetic");
        Matrix left = Drawn(5, 19), right = Drawn(19, 21), product = new(5, 21), functions = new(1, 16);
        using (var compute = new Compute())
        {
            compute.Product(left, right, product);
        }

        double[] values =
        [
            Math.Exp(0.7), Math.Log(3.3), Math.Pow(1.1, 7.3), Math.Sqrt(2.1), Math.Sin(0.3), Math.Cos(2.9), Math.Tanh(0.4), Math.Cbrt(5),
        ];
        MemoryMarshal.Cast<double, float>(values).CopyTo(functions.Row(0));
        return $"{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()} {Fingerprint.Of(product, functions)}";

        Matrix Drawn(int rows, int columns)
        {
            var matrix = new Matrix(rows, columns);
            for (var row = 0; row < rows; row++)
            {
                foreach (ref var value in matrix.Row(row))
                {
                    value = (float)random.NextNormal();
                }
            }

            return matrix;
        }
    }

    /// <summary>The processors that a launcher has left to this process, as bits: ranks with the same ones divide them.</summary>
    private static string OwnProcessors()
    {
        using var process = Process.GetCurrentProcess();
        return OperatingSystem.IsLinux() || OperatingSystem.IsWindows()
            ? process.ProcessorAffinity.ToString("x", CultureInfo.InvariantCulture) : "all";
    }
}
