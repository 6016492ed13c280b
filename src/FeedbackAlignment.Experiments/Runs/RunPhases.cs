using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Training;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// The rules of a run, phase by phase: the one that trains, and the run's own, which the instruments look at also where another trains.
/// A rule whose feedback weights are drawn anew is another object from then on.
/// </summary>
internal sealed class RunPhases
{
    private readonly List<LearningRule> _own = [];
    private readonly List<TrainingPhase> _training = [];

    /// <param name="spec">A complete, valid spec.</param>
    /// <param name="run">Rule and seed.</param>
    /// <param name="network">The network.</param>
    /// <param name="maxBatch">The most examples that a rule is shown at once.</param>
    /// <param name="components">What the spec can name.</param>
    public RunPhases(ExperimentSpec spec, RunKey run, Network network, int maxBatch, Components components)
    {
        var builder = new RunBuilder(spec, run, components);
        var rules = new Dictionary<string, LearningRule> { [run.Rule] = Create(run.Rule) };
        First = rules[run.Rule];
        foreach (var (index, phase) in (spec.Training.Phases ?? []).Index())
        {
            var id = phase.Rule ?? run.Rule;
            if (!rules.TryGetValue(id, out var rule) || (phase.RedrawFeedback && rule.Feedback.Count > 0))
            {
                rules[id] = rule = Create(id, phase.RedrawFeedback ? $"redrawn-{index + 1}" : null);
            }

            _own.Add(rules[run.Rule]);
            _training.Add(new TrainingPhase
            {
                Examples = phase.Examples,
                Rule = rule,
                Learns = Learns(phase, rule),
                LearningRate = builder.LearningRate(id, SpecCompletion.TotalExamples(spec.Training, trainExamples: 0)),
            });
        }

        LearningRule Create(string id, string? redrawn = null)
            => components.Rules.Get(id).Create(builder.Setup(network, maxBatch, id, redrawn));
    }

    /// <summary>The phases; null if the spec has none.</summary>
    public IReadOnlyList<TrainingPhase>? Training => _training.Count > 0 ? _training : null;

    /// <summary>The run's own rule as it is drawn at first.</summary>
    public LearningRule First { get; }

    /// <summary>The run's own rule as it is in a phase.</summary>
    /// <param name="phase">Index of the phase, from 0; without phases 0.</param>
    public LearningRule Own(int phase) => _own.Count > 0 ? _own[phase] : First;

    /// <summary>All that any of the rules learns, each parameter once.</summary>
    public IEnumerable<Parameter> LearnedParameters => First.LearnedParameters.Union(_training.SelectMany(phase => phase.Rule.LearnedParameters));

    /// <summary>Layers are frozen, not rules: what a rule itself learns goes on learning.</summary>
    private static Parameter[]? Learns(PhaseSpec phase, LearningRule rule)
        => phase.Learns is not { } layers ? null
            : [.. rule.Network.Parameters.Where(parameter => layers.Contains(parameter.Name[..parameter.Name.LastIndexOf('.')])),
                .. rule.Parameters];
}
