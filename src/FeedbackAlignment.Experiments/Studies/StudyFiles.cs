using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>The folders of a study, held open.</summary>
internal sealed class StudyFiles : IStudyFiles, IDisposable
{
    private const int MostBytes = 4096;

    private readonly Place _study;
    private readonly OpenFolder _claims, _attempts, _runs;

    /// <param name="study">The study's folder, which has the three.</param>
    /// <exception cref="FolderException">One of them is not there, or cannot be opened.</exception>
    public StudyFiles(Place study)
    {
        _study = study;
        try
        {
            _claims = study.In(NameOf(StudyPart.Claims)).Open();
            _attempts = study.In(NameOf(StudyPart.Attempts)).Open();
            _runs = study.In(NameOf(StudyPart.Runs)).Open();
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            _claims?.Dispose();
            _attempts?.Dispose();
            throw new FolderException($"{study}: cannot be worked in ({trouble.Message.TrimEnd('.')})", trouble);
        }
    }

    /// <summary>The name of a folder.</summary>
    public static string NameOf(StudyPart part) => part switch
    {
        StudyPart.Claims => "claims",
        StudyPart.Attempts => "attempts",
        _ => ExperimentFolder.RunsName,
    };

    public IReadOnlyCollection<string> Names(StudyPart part) => Of(part).Names();

    public bool IsThere(StudyPart part, string name) => Of(part).KindOf(name) != EntryKind.None;

    public bool Create(StudyPart part, string name, byte[] content)
    {
        // Most who come too late see it; only the creation itself decides.
        if (IsThere(part, name))
        {
            return false;
        }

        FileStream file;
        try
        {
            file = Of(part).New(name);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble) && IsThere(part, name))
        {
            return false;
        }

        using (file)
        {
            file.Write(content);
        }

        return true;
    }

    public void Overwrite(StudyPart part, string name, byte[] content)
    {
        using var file = Of(part).Change(name);
        file.Write(content);
        file.Flush();
    }

    public byte[]? Read(StudyPart part, string name)
    {
        try
        {
            using var file = Of(part).Read(name, MostBytes);
            var content = new byte[file.Length];
            return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public Place MakeAttempt(string attempt)
    {
        _attempts.MakeFolder(attempt).Dispose();
        return _study.In(NameOf(StudyPart.Attempts)).In(attempt);
    }

    public bool Publish(string attempt, string run)
    {
        try
        {
            _attempts.MoveFolder(attempt, _runs, run);
            return true;
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble) && IsThere(StudyPart.Runs, run))
        {
            // A server may have moved it and lost its answer: then it is gone from here.
            return !IsThere(StudyPart.Attempts, attempt);
        }
    }

    public void Dispose()
    {
        _claims.Dispose();
        _attempts.Dispose();
        _runs.Dispose();
    }

    private OpenFolder Of(StudyPart part) => part switch
    {
        StudyPart.Claims => _claims,
        StudyPart.Attempts => _attempts,
        _ => _runs,
    };
}
