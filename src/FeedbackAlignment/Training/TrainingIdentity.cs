using FeedbackAlignment.Data;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Optimizers;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Training;

/// <summary>
/// What must be the same for a state to be of a training: all that has a part in a bit of what follows. What has none is left out:
/// threads, observers, and the length of the last phase, before whose end nothing depends on it.
/// </summary>
internal static class TrainingIdentity
{
    /// <summary>The setting that is there only where products are not fused: earlier states do not have it.</summary>
    private const string Arithmetic = "arithmetic";

    /// <summary>What a setting has that is not there.</summary>
    /// <param name="name">Its name, with its section.</param>
    public static string LeftOut(string name) => name == $"training.{Arithmetic}" ? "fused" : "not there";

    public static string Of(
        LearningRule rule,
        IReadOnlyList<PhasePlan> phases,
        Optimizer optimizer,
        DataSplit data,
        TrainingOptions options,
        RandomStreams streams)
    {
        var identity = new Identity();
        rule.Network.Identify(identity.In("network"));
        rule.Identify(identity.In("rule"));
        optimizer.Identify(identity.In("optimizer"));
        var training = identity.In("training");
        training.Add("seed", streams.Seed);
        if (Compute.Arithmetic != Numerics.Arithmetic.Fused)
        {
            training.Add(Arithmetic, "separate");
        }

        options.Identify(training, data.Train);
        foreach (var (index, phase) in phases.Index())
        {
            var section = phases.Count == 1 ? training : identity.In($"phase{index + 1}");
            phase.Identify(section, isLast: index == phases.Count - 1);
            AddRule(section, index);
        }

        data.Identify(identity.In("data"));
        return identity.ToString();

        void AddRule(Identity section, int index)
        {
            var own = phases[index].Rule;
            var first = Array.FindIndex([.. phases], phase => phase.Rule == own);
            if (own == rule || first < index)
            {
                section.In("rule").Add(Identity.Kind, own == rule ? "the trainer's" : $"that of phase {first + 1}");
            }
            else
            {
                own.Identify(section.In("rule"));
            }
        }
    }
}
