using System.Globalization;
using System.Text.Json;

namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>
/// An Indexed Job of Kubernetes as YAML: as many pods as tasks, each a worker. No cluster was there
/// to run it.
/// </summary>
public static class KubernetesJob
{
    /// <summary>The job.</summary>
    /// <param name="request">What is asked for; without mistakes.</param>
    /// <param name="image">The container image, which has <c>fa</c> on its path.</param>
    /// <param name="volumeClaim">The claim of the volume with the study's folder and the data, which all pods can write.</param>
    /// <param name="mountPath">Where the volume is in a container; the study's folder lies in it.</param>
    /// <exception cref="ArgumentException">The request has mistakes.</exception>
    public static string Write(ClusterRequest request, string image, string volumeClaim, string mountPath)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrWhiteSpace(image);
        ArgumentException.ThrowIfNullOrWhiteSpace(volumeClaim);
        ArgumentException.ThrowIfNullOrWhiteSpace(mountPath);
        if (request.Mistakes() is [var first, ..])
        {
            throw new ArgumentException(first, nameof(request));
        }

        var words = string.Join(", ", request.Command.Words.Concat(["--threads", Number(request.Processors)]).Select(Text));
        var memory = request.Memory is { } size ? $"\n          memory: {Text(size + (char.IsDigit(size[^1]) ? "Mi" : "i"))}" : "";
        return $"""
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {Text(Name(request.Name))}
            spec:
              completionMode: Indexed
              completions: {Number(request.Tasks)}
              parallelism: {Number(Math.Min(request.Throttle ?? request.Tasks, request.Tasks))}
              backoffLimit: {Number(3 * request.Tasks)}
              template:
                spec:
                  restartPolicy: Never
                  # SIGTERM comes first: the worker writes its checkpoints and leaves its runs to others.
                  terminationGracePeriodSeconds: {Number(SlurmScript.Warning)}
                  containers:
                  - name: worker
                    image: {Text(image)}
                    command: [{words}]
                    resources:
                      requests:
                        cpu: {Number(request.Processors)}{memory.Replace("\n          ", "\n            ", StringComparison.Ordinal)}
                    volumeMounts:
                    - name: study
                      mountPath: {Text(mountPath)}
                  volumes:
                  - name: study
                    persistentVolumeClaim:
                      claimName: {Text(volumeClaim)}

            """;
    }

    /// <summary>Kubernetes takes small letters, digits and hyphens.</summary>
    private static string Name(string name)
    {
        string small = string.Concat(name.ToLowerInvariant().Select(sign => char.IsAsciiLetterOrDigit(sign) ? sign : '-'));
        return small.Trim('-') is { Length: > 0 } trimmed ? trimmed[..Math.Min(63, trimmed.Length)].TrimEnd('-') : "fa-study";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>JSON's texts are YAML's.</summary>
    private static string Text(string text) => JsonSerializer.Serialize(text, ExperimentJson.Line);
}
