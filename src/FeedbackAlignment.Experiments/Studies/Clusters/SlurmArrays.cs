using System.Globalization;
using System.Text;
using System.Text.Json;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>
/// The arrays that were submitted for a study: <c>slurm/submit-N.sh</c>, and beside it <c>submit-N.json</c> with the job's number.
/// </summary>
/// <param name="study">The study's folder.</param>
public sealed class SlurmArrays(string study)
{
    private const string Prefix = "submit-";

    private readonly Place _place = Place.Named(Path.GetFullPath(study)).In(SlurmScript.FolderName);

    /// <summary>Writes the script of a request, submits it, and notes the job's number.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="more">Further arguments of <c>sbatch</c>.</param>
    /// <param name="slurm">Slurm.</param>
    /// <param name="clock">For the date.</param>
    /// <exception cref="FolderException">Slurm refuses it, or a file cannot be written.</exception>
    public SlurmArray Submit(ClusterRequest request, IReadOnlyList<string> more, SlurmTools slurm, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(slurm);
        ArgumentNullException.ThrowIfNull(clock);
        try
        {
            using var folder = _place.Make();
            var number = 1;
            string script;
            while (true)
            {
                script = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}.sh");
                if (folder.KindOf(script) == EntryKind.None && TryWrite(folder, script, SlurmScript.Write(request)))
                {
                    break;
                }

                number++;
            }

            var array = new SlurmArray(slurm.Submit(Path.Combine(_place.FullPath, script), more), request.Tasks, script, clock.GetUtcNow());
            folder.Write(Path.ChangeExtension(script, ".json"), file => JsonSerializer.Serialize(file, array, ExperimentJson.Line));
            return array;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new FolderException($"{_place}: cannot be written ({Specs.Display.Message(trouble.Message.TrimEnd('.'))})", trouble);
        }
    }

    /// <summary>All that were submitted, in their order.</summary>
    public IReadOnlyList<SlurmArray> All()
    {
        if (!_place.IsFolder)
        {
            return [];
        }

        using var folder = _place.Open();
        return
        [
            .. folder.Names().Where(name
                => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
                .Select(name => RecordFile.TryRead<SlurmArray>(_place.In(name))).OfType<SlurmArray>()
                .Where(array => array.Job is { Length: > 0 } && array.Job.All(char.IsAsciiDigit)).OrderBy(array => array.Submitted),
        ];
    }

    /// <summary>Two who submit at once have a script each.</summary>
    private static bool TryWrite(OpenFolder folder, string name, string text)
    {
        try
        {
            using var file = folder.New(name);
            file.Write(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (IOException) when (folder.KindOf(name) != EntryKind.None)
        {
            return false;
        }
    }
}

/// <summary>An array that was submitted.</summary>
/// <param name="Job">Slurm's number.</param>
/// <param name="Tasks">Workers that were asked for.</param>
/// <param name="Script">The script's name.</param>
/// <param name="Submitted">When.</param>
public sealed record SlurmArray(string Job, int Tasks, string Script, DateTimeOffset Submitted);
