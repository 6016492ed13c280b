using System.Collections.Concurrent;
using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Losses;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Fuzzing;

/// <summary>The states of a small training, and a trainer for each thread to restore them.</summary>
internal sealed class Checkpoints
{
    private const int ChecksumBytes = 32;

    private readonly ConcurrentDictionary<int, Trainer> _trainers = new();

    public static byte[] Valid()
    {
        var saver = new Saver();
        Create().Run(saver);
        return saver.State;
    }

    public void Restore(byte[] bytes) => _trainers.GetOrAdd(Environment.CurrentManagedThreadId, _ => Create()).Restore(new MemoryStream(bytes), "fuzz");

    /// <summary>As somebody does who damages a state on purpose: under a checksum that is right.</summary>
    public void RestoreSealed(byte[] bytes)
    {
        if (bytes.Length >= ChecksumBytes)
        {
            SHA256.HashData(bytes.AsSpan(0, bytes.Length - ChecksumBytes)).CopyTo(bytes.AsSpan(bytes.Length - ChecksumBytes));
        }

        Restore(bytes);
    }

    private static Trainer Create()
    {
        var network = Network.Mlp("4-3-2", seed: 1);
        var streams = new RandomStreams(1);
        var rule = RuleCatalog.Standard.Get("node-perturbation").Create(new RuleSetup(network, Loss.SquaredError, 4, streams));
        var data = new DataSet(new Matrix(7, 4), new Matrix(7, 2));
        var options = new TrainingOptions { Examples = 40, BatchSize = 4, LearningRate = LearningRateSchedule.Constant(0.1f), Checkpoint = Moments.Every(20) };
        return new Trainer(rule, new Adam(rule.LearnedParameters), new DataSplit(data, data, data), options, streams);
    }

    private sealed class Saver : TrainingObserver
    {
        public byte[] State { get; private set; } = [];

        public override void OnCheckpoint(TrainingState state)
        {
            using var stream = new MemoryStream();
            state.Save(stream, "{\"rule\":\"node-perturbation\"}"u8);
            State = stream.ToArray();
        }
    }
}
