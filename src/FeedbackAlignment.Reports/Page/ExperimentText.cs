using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Reports.Page;

/// <summary>The words for an experiment of a reproduction.</summary>
internal static class ExperimentText
{
    public static string Runs(ReproducedExperimentRecord experiment) =>
        NumberText.Count(experiment.Runs) + (experiment.Failed > 0 ? $", {NumberText.Count(experiment.Failed)} of them did not complete" : "");

    public static string Command(ReproducedExperimentRecord experiment) => $"fa train experiments/{experiment.Id}/spec.json";
}
