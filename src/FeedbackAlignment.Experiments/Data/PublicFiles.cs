using FeedbackAlignment.Data;

namespace FeedbackAlignment.Experiments.Data;

/// <summary>Reads a public data set from its subfolder of the data folder.</summary>
internal static class PublicFiles
{
    public static SourceExamples Load(PublicDataSet data, string directory)
    {
        var folder = Path.Combine(directory, data.Id);
        if (!data.IsIn(directory))
        {
            var missing = data.Files.Where(file => SourceFiles.Find(folder, file.Name) is null).Select(file => file.Name);
            throw new DataSourceException(
                $"{data.Title} is not complete: no {string.Join(", ", missing)} (plain or .gz) in {Path.GetFullPath(folder)}; " +
                $"run `fa data get {data.Id}`, or set {DataDirectory.Variable} or --data-dir to the folder that contains `{data.Id}`, or "
                    + "copy the missing files there from another machine");
        }

        return data == PublicDataSet.Cifar10 ? CifarFiles.LoadOfficial(folder)
            : new SourceExamples(data.Title, Read(data, folder, data.Files[0], data.Files[1]), Read(data, folder, data.Files[2], data.Files[3]));
    }

    private static DataSet Read(PublicDataSet data, string folder, PublicFile images, PublicFile labels)
    {
        var pictures = SourceFiles.Read(SourceFiles.Find(folder, images.Name)!, IdxReader.ReadImages);
        var classes = SourceFiles.Read(SourceFiles.Find(folder, labels.Name)!, (stream, source) => IdxReader.ReadLabels(stream, source, PublicDataSet.Classes));
        Verify(data, images, pictures.Source, pictures.Sha256);
        Verify(data, labels, classes.Source, classes.Sha256);
        return IdxReader.Join(pictures, classes, PublicDataSet.Classes);
    }

    /// <summary>
    /// A fingerprint of the packed file says nothing about one that was unpacked or packed anew, so only the content's is checked.
    /// </summary>
    private static void Verify(PublicDataSet data, PublicFile file, string path, string sha256)
    {
        if (data.FingerprintKind == FingerprintKind.ContentSha256 && sha256 != file.Fingerprint)
        {
            throw new DataSourceException(
                $"{path}: this is not {data.Title}'s {file.Name}: SHA-256 of the uncompressed content is {sha256}, must be {file.Fingerprint}; " +
                $"delete the file and run `fa data get {data.Id}`, or give your own data as a folder");
        }
    }
}
