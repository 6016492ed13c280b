using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Experiments.Tuning;

namespace FeedbackAlignment.Fuzzing;

/// <summary>The record of a small tuning.</summary>
internal static class Tunings
{
    private const string Name = "tuning.json";

    public static byte[] Valid(string folder)
    {
        var path = Path.Combine(folder, "tuning");
        if (!Directory.Exists(path))
        {
            var asked = new ExperimentSpec
            {
                Rules = ["feedback-alignment", "backpropagation"],
                Seeds = [1],
                Data = new() { Train = 60, Validation = 40, Test = 50 },
                Network = new() { Layers = "784-4-10" },
                Training = new() { Epochs = 1, BatchSize = 16 },
                Tuning = new() { Trials = 2 },
            };
            var data = new DataSources("nowhere").Load(asked.Data, asked.Format);
            new TuningRunner(TuningRunner.Complete(asked, data.Record, Components.Standard), data, TuningFolder.Open(path),
                Components.Standard, TimeProvider.System).Run(new Nobody(), default);
        }

        return File.ReadAllBytes(Path.Combine(path, Name));
    }

    public static void Read(byte[] bytes, string place)
    {
        File.WriteAllBytes(Path.Combine(place, Name), bytes);
        TuningFolder.Read(place);
    }

    private sealed class Nobody : TuningObserver;
}
